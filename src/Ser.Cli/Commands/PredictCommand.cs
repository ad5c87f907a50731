using System.CommandLine;
using Ser.Cli.Predictions;
using Ser.Domain;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Runners.BuildDatastore;
using Ser.Runners.Predict;
using Ser.Server;
using Ser.Server.Hosts;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.FineTune;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser predict`: labels recordings with a fine-tuned model and its datastore.</summary>
internal static class PredictCommand
{
    private const int ListedInTable = 3;
    private const int MaxNeighbours = 100_000; // the votes of one recording are allocated on the stack

    internal static SerCommand Create()
    {
        string extensions = RecordingFiles.ExtensionList;
        var paths = new Argument<string[]>("FILE|FOLDER")
        {
            Description = $"Recordings, and folders that are searched for recordings, with their subfolders ({extensions}).",
            Arity = ArgumentArity.OneOrMore,
        };
        var sweep = new Option<string>("--sweep")
        {
            Description = "Name of the sweep whose models are used.",
            HelpName = "SWEEP",
            Required = true,
        };
        var folds = new Option<string[]>("--fold")
        {
            Description = "Fold to use; several, as 1,3 or 1..3, form an ensemble (mean of their probabilities). "
                + "Default: every finished fold.",
            HelpName = "N",
            DefaultValueFactory = _ => [],
        };
        var k = new Option<int?>("--k")
        {
            Description = "Neighbours that vote. Default: as pooled validation chooses (ser results).",
            HelpName = "N",
        };
        var alpha = new Option<double?>("--alpha")
        {
            Description = "Weight of the neighbours in p = α·p_knn + (1 - α)·p_model; 0 is the model alone. "
                + "Default: as pooled validation chooses, for --k if that is given.",
            HelpName = "α",
        };
        var weighting = new Option<string?>("--weighting")
        {
            Description = $"{string.Join(", ", Weightings.All)}. "
                + "Default: of those that the experiment tries, the best on pooled validation.",
            HelpName = "NAME",
        };
        var neighbours = new Option<int?>("--neighbours")
        {
            Description = $"Nearest neighbours that are listed for each fold. Default: those that vote; {ListedInTable} in a table.",
            HelpName = "N",
        };
        CommandLine.SetRange(k, 1, MaxNeighbours);
        CommandLine.SetRange(neighbours, 0, MaxNeighbours);
        weighting.AcceptOnlyFromAmong([.. Weightings.All]);
        var command = new SerCommand(
            "predict",
            "Label recordings with the models of a sweep.",
            "ser predict recordings/ --sweep iemocap --out labels.csv",
            "Label recordings with the fine-tuned models of a sweep and their datastores: probabilities of the model, of its nearest "
            + "neighbours and of both (eq. 4), and the neighbours by name. By default all finished folds of the arm with the best UA "
            + "on pooled validation are used together. A recording that cannot be used is skipped with a warning; exit code 1 then.")
        {
            paths, sweep, folds, k, alpha, weighting, neighbours,
        };
        var arms = new ArmFilter(command);
        var output = new PredictionOutput(command);
        command.SetAction(parsed =>
        {
            var given = new GivenRetrieval(parsed.GetValue(k), parsed.GetValue(alpha), parsed.GetValue(weighting));
            CheckAlpha(given.Alpha);
            var foldNumbers = FoldNumbers.Parse(parsed.GetValue(folds)!);
            var files = RecordingFiles.Find(parsed.GetValue(paths)!);
            var destination = output.GetDestination(parsed, files);
            using var data = DataFolder.OpenForReading(CommandLine.DataFolder(parsed));
            string name = parsed.GetValue(sweep)!;
            if (new ImportedSweeps(data.Folder).Find(name) is { HasWeights: false })
            {
                throw new InputException(
                    $"{name} was imported without its models: ask for a bundle that was made with ser export --weights");
            }

            var source = SweepSource.Find(data, name);
            var stored = StoredSweep.Read(source.Reads, source.Artifacts, name);
            var results = StoredResults.ReadInput(source.Artifacts, stored);
            var eligibleArms = arms.Select(parsed, results.Sweep, results.Arms);
            var choice = PredictionChoice.Choose(results.Sweep, eligibleArms, foldNumbers, given, results.Classes.Count, results.Retrieval);
            int listedByDefault = destination.Format == "table" ? Math.Min(ListedInTable, choice.Chosen.K) : choice.Chosen.K;
            var header = new PredictionHeader(results.Sweep, choice, results.Classes, parsed.GetValue(neighbours) ?? listedByDefault);
            var plan = Plan(source, stored, header);
            return Task.FromResult(Label(parsed, header, plan, files, destination, Interrupts.From(parsed)));
        });
        return command;
    }

    private static void CheckAlpha(double? alpha)
    {
        // Written so that NaN is refused too.
        if (alpha is { } share && !(share >= 0 && share <= 1))
        {
            throw new InputException(
                FormattableString.Invariant($"--alpha is {share}: it should be from 0 (the model alone) to 1 (the neighbours alone)"));
        }
    }

    private static PredictionPlan Plan(SweepSource source, StoredSweep stored, PredictionHeader header)
    {
        var arm = header.Choice.Arm.Arm;
        var jobs = stored.Snapshot.Jobs.ToDictionary(job => job.Id);
        var folds = header.Choice.Folds.Select(fold =>
        {
            var defined = stored.Definition.Folds.Single(candidate => candidate.Arm == arm && candidate.Fold == fold.Fold);
            string Folder(string stage)
            {
                bool isAccepted = defined.Jobs.TryGetValue(stage, out string? id) && jobs[id].Result is not null;
                return isAccepted
                    ? source.Artifacts.Open(jobs[id!].Result!)
                    : throw new InputException($"fold {fold.Fold} of {arm.Name} has no accepted {stage} result to label with: "
                        + $"compute it with ser resume {header.Sweep}, or choose another arm or fold");
            }

            return new FoldFiles(
                fold.Fold,
                Folder(FineTuneStage.StageName),
                Folder(BuildDatastoreStage.StageName),
                fold.Evaluation!.MedianDistance);
        });
        var compute = ComputeSpec.ForArm(stored.Experiment, stored.Definition.Threads, arm);
        return new PredictionPlan(stored.Corpus, [.. folds], header.Choice.Chosen, header.Listed, compute);
    }

    private static int Label(
        ParseResult parsed,
        PredictionHeader header,
        PredictionPlan plan,
        IReadOnlyList<string> files,
        PredictionDestination destination,
        Interrupts interrupts)
    {
        if (destination is not { Format: "table", File: null })
        {
            Output.WriteMessage(string.Join(Environment.NewLine, header.Lines()));
        }

        using var predictor = new Predictor(plan, AvailableMemory());
        if (!predictor.KeepsModelsInMemory)
        {
            Output.WriteMessage($"note: the {plan.Folds.Count} models do not fit into memory together, so they are loaded in turn "
                + $"and results come {predictor.BatchSize} at a time");
        }

        var counts = LabelAndWrite(header, predictor, files, destination, interrupts);
        if (destination.File is { } file && parsed.GetValue(CommandLine.Json))
        {
            Output.WriteJson(PredictionOutput.Summary(header, counts, file));
        }

        ReportCounts(counts, destination.File);
        return counts.IsInterrupted ? CommandLine.Interrupted : counts.Skipped > 0 ? CommandLine.WorkFailed : CommandLine.Done;
    }

    private static PredictionCounts LabelAndWrite(
        PredictionHeader header,
        Predictor predictor,
        IReadOnlyList<string> files,
        PredictionDestination destination,
        Interrupts interrupts)
    {
        var progress = new PredictionProgress(files.Count, TimeProvider.System);
        var counts = new PredictionCounts(0, 0, files.Count, 0);
        using var scope = interrupts.EnterScope();
        try
        {
            PredictionOutput.Write(destination, files, writer =>
            {
                writer.Begin(header);
                foreach (var prediction in predictor.Predict(files, interrupts.Token))
                {
                    writer.Add(prediction);
                    counts = Count(counts, prediction);
                    if (prediction.Problem is { } problem)
                    {
                        progress.WriteMessage($"skipped: {prediction.File}: {problem.What}; {problem.Cure}");
                    }

                    progress.Show(counts.Labelled + counts.Skipped, counts.Skipped);
                }

                writer.End(counts);
            });
        }
        finally
        {
            progress.Clear();
        }

        return counts;
    }

    private static PredictionCounts Count(PredictionCounts counts, Prediction prediction)
    {
        if (prediction.Problem is not null)
        {
            return counts with { Skipped = counts.Skipped + 1 };
        }

        bool isKnown = prediction.Folds.Any(fold => fold.Side is Side.Train or Side.Validation);
        return counts with { Labelled = counts.Labelled + 1, Seen = counts.Seen + (isKnown ? 1 : 0) };
    }

    private static void ReportCounts(PredictionCounts counts, string? file)
    {
        if (counts.Seen > 0)
        {
            Output.WriteMessage($"note: {counts.Seen} of the recordings belong to the corpus, and a fold that was used has trained on them "
                + "or was chosen by them: their labels say nothing about new recordings (--fold selects a fold that has not)");
        }

        string unreached = counts.IsInterrupted ? $", {counts.Requested - counts.Labelled - counts.Skipped} not reached: interrupted" : "";
        string destination = file is null ? "" : $"; {file}";
        Output.WriteMessage($"{counts.Labelled} labelled, {counts.Skipped} skipped{unreached}{destination}");
    }

    // Half of what the process may use: the rest is for activations, recordings and other programs.
    private static long AvailableMemory() => Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet) / 2;
}
