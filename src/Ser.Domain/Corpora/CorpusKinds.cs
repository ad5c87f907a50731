using Ser.Domain.Experiments;

namespace Ser.Domain.Corpora;

/// <summary>The kinds of corpora, and how one is named on a command line and in an experiment file: KIND or KIND:PATH.</summary>
public static class CorpusKinds
{
    /// <summary>Every kind.</summary>
    public static readonly IReadOnlyList<string> All = ["iemocap", "emodb", "csv", "synthetic"];

    /// <summary>Reads KIND:PATH (iemocap, emodb, csv) or KIND alone (synthetic). Does not look at the path.</summary>
    /// <exception cref="InputException">The kind is unknown, or a path is missing or out of place.</exception>
    public static CorpusReference Parse(string text)
    {
        string[] parts = text.Trim().Split(':', 2);
        string kind = parts[0];
        string? path = parts.Length > 1 && parts[1].Trim().Length > 0 ? parts[1].Trim() : null;
        if (!All.Contains(kind))
        {
            throw new InputException(
                $"'{text}' names no corpus: it should be KIND:PATH with KIND one of {string.Join(", ", All)}; the nearest to '{kind}' is '{Nearest.Of(kind, All)}'.");
        }

        return (kind, path) switch
        {
            ("synthetic", not null) => throw new InputException($"'{text}': the synthetic corpus is made, not read; write 'synthetic' without a path."),
            ("synthetic", null) => new CorpusReference(kind, null),
            (_, null) => throw new InputException($"'{text}' lacks a path: write {kind}:PATH, with {Wanted(kind)}."),
            _ => new CorpusReference(kind, path),
        };
    }

    private static string Wanted(string kind) => kind switch
    {
        "iemocap" => "PATH the folder IEMOCAP_full_release or the one that holds it",
        "emodb" => "PATH the folder of the recordings or the one that holds its wav folder",
        _ => "PATH a manifest with the columns path,label,speaker[,session][,name]",
    };
}
