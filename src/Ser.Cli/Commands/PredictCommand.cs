using System.CommandLine;
using Ser.Cli.Predictions;
using Ser.Domain;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Runners.BuildDatastore;
using Ser.Runners.Predict;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.FineTune;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser predict`: labels recordings with a fine-tuned model and its datastore.</summary>
internal static class PredictCommand
{
    private const int ListedInTable = 3;
    private const int MostNeighbours = 100_000; // votes of one recording lie on the stack

    /// <summary>Whether recordings are being labelled, so that a signal must wait for what is done to be written.</summary>
    internal static bool Runs { get; private set; }

    internal static Command Create()
    {
        var paths = new Argument<string[]>("FILE|FOLDER") { Description = $"Recordings, and folders that are searched for them with all below ({RecordingFiles.Kinds}).", Arity = ArgumentArity.OneOrMore };
        var sweep = new Option<string>("--sweep") { Description = "Name of the sweep whose models answer.", HelpName = "SWEEP", Required = true };
        var folds = new Option<string[]>("--fold") { Description = "Fold that answers; several, as 1,3 or 1..3, are an ensemble (mean of their probabilities). Default: every finished one.", HelpName = "N", DefaultValueFactory = _ => [] };
        var k = new Option<int?>("--k") { Description = "Neighbours that vote. Default: as pooled validation chooses (ser results).", HelpName = "N" };
        var alpha = new Option<double?>("--alpha") { Description = "Weight of the neighbours in p = α·p_knn + (1 - α)·p_model; 0 is the model alone. Default: as pooled validation chooses, for --k if that is given.", HelpName = "α" };
        var weighting = new Option<string?>("--weighting") { Description = $"{string.Join(", ", Weightings.All)}. Default: of those that the experiment tries, the best on pooled validation.", HelpName = "NAME" };
        var neighbours = new Option<int?>("--neighbours") { Description = $"Nearest neighbours that are listed of each fold. Default: those that vote; {ListedInTable} in a table.", HelpName = "N" };
        CommandLine.Bound(k, 1, MostNeighbours);
        CommandLine.Bound(neighbours, 0, MostNeighbours);
        weighting.AcceptOnlyFromAmong([.. Weightings.All]);
        var command = new Command(
            "predict",
            "Label recordings with the fine-tuned models of a sweep and their datastores: probabilities of the model, of its nearest neighbours and of both (eq. 4), and the neighbours by name. "
            + "Without options the arm with the best pooled-validation UA answers, all of its finished folds together. A recording that cannot be used is said and skipped; exit code 1 then.")
        {
            paths, sweep, folds, k, alpha, weighting, neighbours,
        };
        var arms = new ArmFilter(command);
        var output = new PredictionOutput(command);
        command.SetAction((parsed, interrupt) =>
        {
            var given = new GivenRetrieval(parsed.GetValue(k), parsed.GetValue(alpha), parsed.GetValue(weighting));
            if (given.Alpha is { } share && !(share >= 0 && share <= 1))
            {
                throw new InputException(FormattableString.Invariant($"--alpha is {share}: it should be from 0 (the model alone) to 1 (the neighbours alone)"));
            }

            var wanted = FoldNumbers.Parse(parsed.GetValue(folds)!);
            var files = RecordingFiles.Of(parsed.GetValue(paths)!);
            var (format, file) = output.Of(parsed, files);
            using var data = DataFolder.OpenForReading(CommandLine.DataFolder(parsed));
            string name = parsed.GetValue(sweep)!;
            if (new Imports(data.Folder).Find(name) is { HasWeights: false })
            {
                throw new InputException($"{name} was imported without its models: ask for a bundle that was made with ser export --weights");
            }

            var source = SweepSource.Of(data, name);
            var stored = StoredSweep.Read(source.Reads, source.Artifacts, name);
            var results = StoredResults.Input(source.Artifacts, stored);
            var meant = arms.Of(parsed, results.Sweep, results.Arms);
            var choice = PredictionChoice.Of(results.Sweep, meant, wanted, given, results.Classes.Count, results.Retrieval);
            int listed = parsed.GetValue(neighbours) ?? (format == "table" ? Math.Min(ListedInTable, choice.Chosen.K) : choice.Chosen.K);
            var header = new PredictionHeader(results.Sweep, choice, results.Classes, listed);
            return Task.FromResult(Label(parsed, header, Plan(source, stored, header), files, format, file, interrupt));
        });
        return command;
    }

    private static PredictionPlan Plan(SweepSource source, StoredSweep stored, PredictionHeader header)
    {
        var jobs = stored.Snapshot.Jobs.ToDictionary(job => job.Id);
        var folds = header.Choice.Folds.Select(fold =>
        {
            var defined = stored.Definition.Folds.Single(one => one.Arm == header.Choice.Arm.Arm && one.Fold == fold.Fold);
            string Folder(string stage) => source.Artifacts.Open(
                defined.Jobs.TryGetValue(stage, out string? id) && jobs[id].Result is { } result
                    ? result
                    : throw new InputException($"fold {fold.Fold} of {header.Choice.Arm.Arm.Name} has no accepted {stage} result to label with: make it with ser resume {header.Sweep}, or choose another arm or fold"));
            return new FoldFiles(fold.Fold, Folder(FineTuneStage.StageName), Folder(BuildDatastoreStage.StageName), fold.Evaluation!.MedianDistance);
        });
        return new PredictionPlan(stored.Corpus, [.. folds], header.Choice.Chosen, header.Listed, ComputeSpec.Of(stored.Experiment, stored.Definition.Threads, header.Choice.Arm.Arm));
    }

    private static int Label(ParseResult parsed, PredictionHeader header, PredictionPlan plan, IReadOnlyList<string> files, string format, string? file, CancellationToken interrupt)
    {
        if (format != "table" || file is not null)
        {
            Output.Say(string.Join(Environment.NewLine, header.Lines()));
        }

        using var predictor = new Predictor(plan, Memory());
        if (!predictor.KeepsModels)
        {
            Output.Say($"note: not all {plan.Folds.Count} models fit into memory; they take turns, so answers come {predictor.Batch} at a time");
        }

        var progress = new PredictionProgress(files.Count, TimeProvider.System);
        var counts = new PredictionCounts(0, 0, files.Count, 0);
        Runs = true;
        try
        {
            PredictionOutput.Write(format, file, files, writer =>
            {
                writer.Begin(header);
                foreach (var prediction in predictor.Predict(files, interrupt))
                {
                    writer.Add(prediction);
                    counts = Count(counts, prediction);
                    if (prediction.Problem is { } problem)
                    {
                        progress.Say($"skipped: {prediction.File}: {problem.What}; {problem.Cure}");
                    }

                    progress.Show(counts.Labelled + counts.Skipped, counts.Skipped);
                }

                writer.End(counts);
            });
        }
        finally
        {
            Runs = false;
            progress.Clear();
        }

        if (file is not null && parsed.GetValue(CommandLine.Json))
        {
            Output.Json(PredictionOutput.Summary(header, counts, file));
        }

        Say(counts, file);
        return counts.Interrupted ? CommandLine.Interrupted : counts.Skipped > 0 ? CommandLine.WorkFailed : CommandLine.Done;
    }

    private static PredictionCounts Count(PredictionCounts counts, Prediction prediction) => prediction.Problem is not null
        ? counts with { Skipped = counts.Skipped + 1 }
        : counts with
        {
            Labelled = counts.Labelled + 1,
            Known = counts.Known + (prediction.Folds.Any(fold => fold.Side is Side.Train or Side.Validation) ? 1 : 0),
        };

    private static void Say(PredictionCounts counts, string? file)
    {
        if (counts.Known > 0)
        {
            Output.Say($"note: {counts.Known} of the recordings are the corpus's own, and an answering fold trained on them or chose by them: their answers say nothing about new recordings (--fold gives one that did not)");
        }

        string rest = counts.Interrupted ? $", {counts.Asked - counts.Labelled - counts.Skipped} not reached: interrupted" : "";
        Output.Say($"{counts.Labelled} labelled, {counts.Skipped} skipped{rest}{(file is null ? "" : $"; {file}")}");
    }

    // Half of what there is: the rest is for activations, recordings, and whoever else works here.
    private static long Memory() => Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet) / 2;
}
