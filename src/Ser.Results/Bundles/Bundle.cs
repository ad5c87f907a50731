using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Results.Bundles;

/// <summary>The index of a bundle, bundle.json.</summary>
/// <param name="Format">Version of the format, currently 1.</param>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="State">State of the sweep.</param>
/// <param name="Version">Version of ser that wrote the bundle.</param>
/// <param name="Corpus">Digest of the corpus.</param>
/// <param name="Digest">Digest of the results, which the tables computed from the bundle must have.</param>
/// <param name="Files">All other files of the bundle, ordered by name.</param>
public sealed record Bundle(
    int Format,
    string Sweep,
    SweepState State,
    string Version,
    string Corpus,
    string Digest,
    IReadOnlyList<BundleFile> Files)
{
    /// <summary>Version of the format that this version of ser reads and writes.</summary>
    public const int ThisFormat = 1;

    /// <summary>Name of the index in a bundle.</summary>
    public const string FileName = "bundle.json";

    /// <summary>Folder of the accepted results in a bundle.</summary>
    public const string Artifacts = "artifacts/";

    internal const string DefinitionName = "definition.json", PlanName = "plan.json", ResultsName = "results.json";

    internal static JsonSerializerOptions Json { get; } = new(SpecJson.Options)
    {
        WriteIndented = true,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>A file of a bundle.</summary>
/// <param name="Name">Path within the bundle, separated by '/'.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">Lower-case hex digest.</param>
public sealed record BundleFile(string Name, long Bytes, string Sha256);

/// <summary>A job of plan.json. Log lines are not exported.</summary>
/// <param name="Job">Arm, fold, state, parents and accepted result.</param>
/// <param name="Spec">Specification with hints.</param>
/// <param name="Attempts">Its attempts, oldest first.</param>
/// <param name="Points">Its learning curve.</param>
public sealed record BundledJob(JobSnapshot Job, JsonObject Spec, IReadOnlyList<AttemptRecord> Attempts, IReadOnlyList<EpochPoint> Points);

/// <summary>Prepares the index of a corpus for export, without absolute paths of the exporting machine.</summary>
internal static class BundledCorpus
{
    public static Corpus WithoutAbsolutePaths(Corpus corpus)
    {
        string folder = Directory.Exists(corpus.Path) ? corpus.Path : Path.GetDirectoryName(corpus.Path) ?? "";
        var utterances = corpus.Utterances.Select(utterance => utterance with { Path = RelativePath(folder, utterance.Path) });
        return corpus with { Path = corpus.Kind, Utterances = [.. utterances] };
    }

    private static string RelativePath(string folder, string path)
    {
        string relative = folder.Length == 0 ? path : Path.GetRelativePath(folder, path).Replace('\\', '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(path) : relative;
    }
}
