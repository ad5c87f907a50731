using System.Text.Json.Nodes;

namespace Ser.Corpora;

/// <summary>What `ser corpus show --json` prints.</summary>
public static class CorpusReportJson
{
    /// <summary>Shares between 0 and 1, lengths in seconds, `digest` null while there are problems.</summary>
    public static JsonObject Of(CorpusReport report)
    {
        var durations = report.Durations;
        return new JsonObject
        {
            ["kind"] = report.Kind,
            ["path"] = report.Path,
            ["digest"] = report.Corpus?.Digest,
            ["utterances"] = report.Utterances.Count,
            ["classes"] = new JsonArray([.. report.Classes.Select(name => (JsonNode)name)]),
            ["speakers"] = new JsonArray([.. report.Speakers.Select(speaker => (JsonNode)new JsonObject
            {
                ["name"] = speaker.Name,
                ["session"] = speaker.Session,
                ["counts"] = Counts(report.Classes.Zip(speaker.Counts, (name, count) => (name, count))),
            })]),
            ["leftOut"] = Counts(report.LeftOut.Select(pair => (pair.Key, pair.Value))),
            ["durations"] = new JsonObject
            {
                ["total"] = durations.Total,
                ["shortest"] = durations.Shortest,
                ["median"] = durations.Median,
                ["mean"] = durations.Mean,
                ["longest"] = durations.Longest,
            },
            ["shareCut"] = durations.ShareCut,
            ["sampleRates"] = Counts(Rates(report).Select(rate => (rate.Hertz.ToString(), rate.Count))),
            ["channels"] = Counts(report.Channels.Select(pair => (pair.Key.ToString(), pair.Value))),
            ["problems"] = new JsonArray([.. report.Problems.Select(problem => (JsonNode)new JsonObject
            {
                ["path"] = problem.Path,
                ["what"] = problem.What,
                ["cure"] = problem.Cure,
            })]),
            ["warnings"] = new JsonArray([.. report.Warnings.Select(warning => (JsonNode)warning)]),
        };
    }

    internal static IEnumerable<(int Hertz, int Count)> Rates(CorpusReport report) =>
        report.Utterances.GroupBy(utterance => utterance.SampleRate).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()));

    private static JsonObject Counts(IEnumerable<(string Name, int Count)> counts) =>
        new(counts.Select(pair => KeyValuePair.Create(pair.Name, (JsonNode?)pair.Count)));
}
