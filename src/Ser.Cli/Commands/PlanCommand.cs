using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Cli.Sweeps;
using Ser.Domain.Corpora;
using Ser.Domain.Folds;
using Ser.Stages;

namespace Ser.Cli.Commands;

/// <summary>`ser plan`: folds with counts and the job graph, without running anything.</summary>
internal static class PlanCommand
{
    internal static Command Create()
    {
        var command = new Command("plan", "Print the folds with counts and the job graph of an experiment, without running it.");
        var experiment = new ExperimentArguments(command);
        command.SetAction(parsed =>
        {
            string data = CommandLine.DataFolder(parsed);
            var prepared = Preparation.Of(experiment.Read(parsed), data);
            foreach (string warning in prepared.Warnings)
            {
                Output.Say($"warning: {warning}");
            }

            var done = Sweeps.Done.Among(data, prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id));
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(Json(prepared, done));
            }
            else
            {
                Output.Text(PlanText.Of(prepared, done));
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static JsonObject Json(Preparation prepared, IReadOnlySet<string> done) => new()
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
            ["spec"] = Spec(job.Spec),
            ["after"] = new JsonArray([.. job.After.Select(id => (JsonNode)id)]),
            ["done"] = done.Contains(job.Id),
        })]),
        ["noise"] = JsonSerializer.SerializeToNode(prepared.Noise, SpecJson.Options),
    };

    private static JsonObject Spec(JsonObject spec)
    {
        var identity = spec.DeepClone().AsObject();
        identity.Remove(Pipeline.Hints);
        return identity;
    }

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
