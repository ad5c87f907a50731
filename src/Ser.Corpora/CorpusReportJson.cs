using System.Text.Json.Nodes;
using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>The document that `ser corpus show --json` prints.</summary>
public static class CorpusReportJson
{
    /// <summary>Shares are between 0 and 1, lengths in seconds, and `digest` is null while there are problems.</summary>
    public static JsonObject ToNode(CorpusReport report)
    {
        var durations = report.Durations;
        JsonNode[] classes = [.. report.Classes.Select(name => (JsonNode)name)];
        JsonNode[] speakers = [.. report.Speakers.Select(speaker => ToNode(speaker, report.Classes))];
        JsonNode[] problems = [.. report.Problems.Select(ToNode)];
        JsonNode[] warnings = [.. report.Warnings.Select(warning => (JsonNode)warning)];
        return new JsonObject
        {
            ["kind"] = report.Kind,
            ["path"] = report.Path,
            ["digest"] = report.Corpus?.Digest,
            ["utterances"] = report.Utterances.Count,
            ["classes"] = new JsonArray(classes),
            ["speakers"] = new JsonArray(speakers),
            ["leftOut"] = Counts(report.LeftOut),
            ["durations"] = new JsonObject
            {
                ["total"] = durations.Total,
                ["shortest"] = durations.Shortest,
                ["median"] = durations.Median,
                ["mean"] = durations.Mean,
                ["longest"] = durations.Longest,
            },
            ["shareCut"] = durations.ShareCut,
            ["sampleRates"] = Counts(UtterancesBySampleRate(report)),
            ["channels"] = Counts(report.Channels),
            ["problems"] = new JsonArray(problems),
            ["warnings"] = new JsonArray(warnings),
        };
    }

    /// <summary>Number of utterances by sample rate in Hz, in ascending order.</summary>
    internal static IEnumerable<KeyValuePair<int, int>> UtterancesBySampleRate(CorpusReport report) => report.Utterances
        .GroupBy(utterance => utterance.SampleRate)
        .OrderBy(group => group.Key)
        .Select(group => KeyValuePair.Create(group.Key, group.Count()));

    private static JsonNode ToNode(Speaker speaker, IReadOnlyList<string> classes) => new JsonObject
    {
        ["name"] = speaker.Name,
        ["session"] = speaker.Session,
        ["counts"] = Counts(classes.Zip(speaker.Counts, KeyValuePair.Create)),
    };

    private static JsonNode ToNode(CorpusProblem problem) => new JsonObject
    {
        ["path"] = problem.Path,
        ["what"] = problem.What,
        ["cure"] = problem.Cure,
    };

    private static JsonObject Counts<TKey>(IEnumerable<KeyValuePair<TKey, int>> counts)
        where TKey : notnull =>
        new(counts.Select(pair => KeyValuePair.Create(pair.Key.ToString()!, (JsonNode?)pair.Value)));
}
