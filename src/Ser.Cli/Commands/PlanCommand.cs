using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Cli.Sweeps;
using Ser.Domain.Corpora;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Planning;
using Ser.Runners;
using Ser.Runners.FineTune;
using Ser.Server;
using Ser.Stages;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser plan`: folds with counts and the job graph, without running anything.</summary>
internal static class PlanCommand
{
    internal static SerCommand Create()
    {
        var command = new SerCommand(
            "plan",
            "Print folds, jobs and expected time; run nothing.",
            "ser plan experiments/iemocap.yaml --set grid.lambda=[0,0.1]",
            "Print the folds with counts and the job graph of an experiment without running it, which fine-tunes the paper's tables "
            + "share, and how long training will take, as far as steps have been measured.");
        var experiment = new ExperimentArguments(command);
        var measure = new Option<bool>("--measure")
        {
            Description = "Train for a few steps of each kind that has not been measured in the data folder, "
                + "to estimate the time of the plan. The trained models are discarded.",
        };
        command.Add(measure);
        command.SetAction((parsed, interrupt) =>
        {
            string data = CommandLine.DataFolder(parsed);
            var prepared = PreparedExperiment.Prepare(experiment.Read(parsed), data, Machine.Capabilities);
            foreach (string warning in prepared.Warnings)
            {
                Output.WriteMessage($"warning: {warning}");
            }

            var done = Sweeps.FinishedJobs.Find(data, prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id));
            var times = new Dictionary<string, double>(Sweeps.FinishedJobs.StepTimesOf(data));
            if (parsed.GetValue(measure))
            {
                Measure(prepared, done, times, interrupt);
            }

            var shares = TableShare.FromPlan(prepared);
            var cost = PlanCost.Estimate(prepared, done, times);
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(Json(prepared, done, shares, cost));
            }
            else
            {
                Output.WriteText(PlanText.Write(prepared, done, shares, cost));
            }

            return Task.FromResult(CommandLine.Done);
        });
        return command;
    }

    // Adds the seconds of a step for every kind that the plan needs and that is not in the dictionary yet.
    private static void Measure(
        PreparedExperiment prepared,
        IReadOnlySet<string> done,
        Dictionary<string, double> times,
        CancellationToken interrupt)
    {
        var pending = PlanCost.FineTunesOf(prepared).Where(fineTune => fineTune.Kind.Steps is not null && !done.Contains(fineTune.Job.Id));
        var unmeasured = pending.DistinctBy(fineTune => fineTune.Kind.Key).Where(fineTune => !times.ContainsKey(fineTune.Kind.Key));
        foreach (var fineTune in unmeasured)
        {
            Output.WriteMessage($"measuring a step: {fineTune.Job.Title}");
            if (StepMeasurement.Measure(prepared.Context, fineTune.Job, folder => new SharedCache(folder), interrupt) is { } seconds)
            {
                times[fineTune.Kind.Key] = seconds;
            }
            else
            {
                Output.WriteMessage("note: no step finished within ten minutes; run one fold and plan again");
            }
        }
    }

    private static JsonObject Json(PreparedExperiment prepared, IReadOnlySet<string> done, IReadOnlyList<TableShare> shares, PlanCost cost)
    {
        var folds = prepared.Context.Folds.Select(fold => FoldJson(prepared.Context.Corpus, fold));
        var jobs = prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => JobJson(job, done.Contains(job.Id)));
        return new JsonObject
        {
            ["folds"] = new JsonArray([.. folds]),
            ["jobs"] = new JsonArray([.. jobs]),
            ["tables"] = JsonSerializer.SerializeToNode(shares, SpecJson.Options),
            ["cost"] = cost.ToJson(),
            ["noise"] = JsonSerializer.SerializeToNode(prepared.Noise, SpecJson.Options),
        };
    }

    private static JsonObject FoldJson(Corpus corpus, Fold fold) => new()
    {
        ["fold"] = fold.Number,
        ["test"] = SplitJson(corpus, fold.TestSpeakers, fold.Test),
        ["validation"] = SplitJson(corpus, fold.ValidationSpeakers, fold.Validation),
        ["train"] = SplitJson(corpus, fold.TrainSpeakers, fold.Train),
    };

    private static JsonObject JobJson(PlannedJob job, bool isDone) => new()
    {
        ["id"] = job.Id,
        ["stage"] = job.Stage,
        ["spec"] = Pipeline.Identity(job.Spec),
        ["after"] = new JsonArray([.. job.After.Select(id => (JsonNode)id)]),
        ["done"] = isDone,
    };

    private static JsonObject SplitJson(Corpus corpus, IReadOnlyList<string> speakers, IReadOnlyList<int> utterances)
    {
        var counts = new JsonObject();
        for (int c = 0; c < corpus.Classes.Count; c++)
        {
            counts[corpus.Classes[c]] = utterances.Count(i => corpus.Utterances[i].Class == c);
        }

        return new JsonObject
        {
            ["speakers"] = new JsonArray([.. speakers.Select(speaker => (JsonNode)speaker)]),
            ["utterances"] = utterances.Count,
            ["counts"] = counts,
        };
    }
}
