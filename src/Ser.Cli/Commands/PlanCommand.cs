using System.CommandLine;
using System.Text;
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
                Output.Text(Text(prepared, done));
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

    private static string Text(Preparation prepared, IReadOnlySet<string> done)
    {
        var corpus = prepared.Context.Corpus;
        var text = new StringBuilder();
        text.AppendLine($"{prepared.Context.Experiment.Name}: {corpus.Utterances.Count} utterances of {corpus.Speakers.Count} speakers, classes {string.Join(", ", corpus.Classes)}");
        if (corpus.LeftOut.Count > 0)
        {
            text.AppendLine($"left out by their label: {string.Join(", ", corpus.LeftOut.Select(pair => $"{pair.Key} {pair.Value}"))}");
        }

        text.AppendLine();
        text.AppendLine("fold  test                             validation                       train");
        foreach (var fold in prepared.Context.Folds)
        {
            text.AppendLine($"{fold.Number,4}  {Cell(corpus, fold.TestSpeakers, fold.Test),-32} {Cell(corpus, fold.ValidationSpeakers, fold.Validation),-32} "
                + $"{fold.TrainSpeakers.Count} speakers: {Counts(corpus, fold.Train)}");
        }

        text.AppendLine();
        text.AppendLine("No speaker and no utterance stands on two sides of a fold; every utterance is tested once.");
        text.AppendLine();
        foreach (var arm in prepared.Folds.GroupBy(fold => fold.Arm))
        {
            var jobs = arm.SelectMany(fold => fold.Jobs.Values).ToList();
            text.AppendLine($"arm {arm.Key.Name}: {arm.Count()} folds, {jobs.Count} jobs ({string.Join(" → ", Pipeline.For(prepared.Context.Experiment).Select(stage => stage.Name))}), {jobs.Count(job => done.Contains(job.Id))} done");
        }

        text.AppendLine();
        text.AppendLine($"Noise: {prepared.Noise.Text}");
        return text.ToString();
    }

    private static string Cell(Corpus corpus, IReadOnlyList<string> speakers, IReadOnlyList<int> utterances) =>
        $"{(speakers.Count > 2 ? $"{speakers.Count} speakers" : string.Join('+', speakers))}: {Counts(corpus, utterances)}";

    private static string Counts(Corpus corpus, IReadOnlyList<int> utterances) =>
        string.Join('/', Enumerable.Range(0, corpus.Classes.Count).Select(c => utterances.Count(i => corpus.Utterances[i].Class == c)));
}
