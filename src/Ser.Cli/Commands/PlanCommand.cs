using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Cli.Sweeps;
using Ser.Domain.Corpora;
using Ser.Planning;
using Ser.Stages;

namespace Ser.Cli.Commands;

/// <summary>`ser plan`: folds with counts and the job graph, without running anything.</summary>
internal static class PlanCommand
{
    internal static Command Create()
    {
        var command = new Command("plan", "Print the folds with counts and the job graph of an experiment, what the paper's tables share, and how long training will take as far as steps have been measured, without running it.");
        var experiment = new ExperimentArguments(command);
        var measure = new Option<bool>("--measure") { Description = "Train for a few steps of each kind that has not been measured in the data folder, to know how long the plan takes. The work is thrown away." };
        command.Add(measure);
        command.SetAction((parsed, interrupt) =>
        {
            string data = CommandLine.DataFolder(parsed);
            var prepared = Preparation.Of(experiment.Read(parsed), data);
            foreach (string warning in prepared.Warnings)
            {
                Output.Say($"warning: {warning}");
            }

            var done = Sweeps.Done.Among(data, prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id));
            var times = new Dictionary<string, double>(StepTimes.Earlier(data));
            if (parsed.GetValue(measure))
            {
                Measure(prepared, done, times, interrupt);
            }

            var shares = TableShare.Of(prepared);
            var cost = PlanCost.Of(prepared, done, times);
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(Json(prepared, done, shares, cost));
            }
            else
            {
                Output.Text(PlanText.Of(prepared, done, shares, cost));
            }

            return Task.FromResult(CommandLine.Done);
        });
        return command;
    }

    private static void Measure(Preparation prepared, IReadOnlySet<string> done, Dictionary<string, double> times, CancellationToken interrupt)
    {
        foreach (var (job, kind) in PlanCost.Kinds(prepared).Where(job => job.Kind.Steps is not null && !done.Contains(job.Job.Id)).DistinctBy(job => job.Kind.Key).Where(job => !times.ContainsKey(job.Kind.Key)))
        {
            Output.Say($"measuring a step: {job.Title}");
            if (StepTimes.Measure(prepared, job, interrupt) is { } seconds)
            {
                times[kind.Key] = seconds;
            }
            else
            {
                Output.Say("note: no step was seen in ten minutes; run one fold and plan again");
            }
        }
    }

    private static JsonObject Json(Preparation prepared, IReadOnlySet<string> done, IReadOnlyList<TableShare> shares, PlanCost cost) => new()
    {
        ["folds"] = new JsonArray([.. prepared.Context.Folds.Select(fold => new JsonObject
        {
            ["fold"] = fold.Number,
            ["test"] = Side(prepared.Context.Corpus, fold.TestSpeakers, fold.Test),
            ["validation"] = Side(prepared.Context.Corpus, fold.ValidationSpeakers, fold.Validation),
            ["train"] = Side(prepared.Context.Corpus, fold.TrainSpeakers, fold.Train),
        })]),
        ["jobs"] = new JsonArray([.. prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => new JsonObject
        {
            ["id"] = job.Id,
            ["stage"] = job.Stage,
            ["spec"] = Pipeline.Identity(job.Spec),
            ["after"] = new JsonArray([.. job.After.Select(id => (JsonNode)id)]),
            ["done"] = done.Contains(job.Id),
        })]),
        ["tables"] = JsonSerializer.SerializeToNode(shares, SpecJson.Options),
        ["cost"] = cost.Json(),
        ["noise"] = JsonSerializer.SerializeToNode(prepared.Noise, SpecJson.Options),
    };

    private static JsonObject Side(Corpus corpus, IReadOnlyList<string> speakers, IReadOnlyList<int> utterances)
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
