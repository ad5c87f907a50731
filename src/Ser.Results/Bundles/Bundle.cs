using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Results.Bundles;

/// <summary>bundle.json: what a bundle is, and every other file of it.</summary>
/// <param name="Format">1; another number is of another version.</param>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="State">Where it was.</param>
/// <param name="Version">What wrote it.</param>
/// <param name="Corpus">Digest of the corpus.</param>
/// <param name="Digest">Digest of the results: what the tables that are computed from the bundle must come to.</param>
/// <param name="Files">Every other file, by name.</param>
public sealed record Bundle(int Format, string Sweep, SweepState State, string Version, string Corpus, string Digest, IReadOnlyList<BundleFile> Files)
{
    /// <summary>This version's format.</summary>
    public const int ThisFormat = 1;

    /// <summary>Name of this file in a bundle.</summary>
    public const string FileName = "bundle.json";

    /// <summary>Where accepted results lie in a bundle.</summary>
    public const string Artifacts = "artifacts/";

    internal const string DefinitionName = "definition.json", PlanName = "plan.json", ResultsName = "results.json";

    internal static JsonSerializerOptions Json { get; } = new(SpecJson.Options) { WriteIndented = true, Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
}

/// <summary>One file of a bundle.</summary>
/// <param name="Name">Parts between '/'.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hex digest.</param>
public sealed record BundleFile(string Name, long Bytes, string Sha256);

/// <summary>One job of plan.json: what it was asked for and what became of it. Its log stays where it was run.</summary>
/// <param name="Job">Place, state, parents, accepted result.</param>
/// <param name="Spec">What decides its result, and its runner's hints.</param>
/// <param name="Attempts">Oldest first.</param>
/// <param name="Points">Learning curve.</param>
public sealed record BundledJob(JobSnapshot Job, JsonObject Spec, IReadOnlyList<AttemptRecord> Attempts, IReadOnlyList<EpochPoint> Points);

/// <summary>The index of a corpus without places of the machine where it lies.</summary>
internal static class BundledCorpus
{
    public static Corpus Of(Corpus corpus)
    {
        string folder = Directory.Exists(corpus.Path) ? corpus.Path : Path.GetDirectoryName(corpus.Path) ?? "";
        return corpus with { Path = corpus.Kind, Utterances = [.. corpus.Utterances.Select(utterance => utterance with { Path = Within(folder, utterance.Path) })] };
    }

    private static string Within(string folder, string path)
    {
        string relative = folder.Length == 0 ? path : Path.GetRelativePath(folder, path).Replace('\\', '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(path) : relative;
    }
}
