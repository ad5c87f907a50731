using Ser.Domain.Experiments;

namespace Ser.Domain.Corpora;

/// <summary>
/// The kinds of corpora, and the syntax of a reference to one on the command line and in experiment files: KIND or KIND:PATH.
/// </summary>
public static class CorpusKinds
{
    /// <summary>Names of all kinds.</summary>
    public static readonly IReadOnlyList<string> All = ["iemocap", "emodb", "csv", "synthetic"];

    /// <summary>Parses KIND:PATH (iemocap, emodb, csv) or KIND alone (synthetic). Does not access the path.</summary>
    /// <exception cref="InputException">The kind is unknown, a required path is missing, or the kind has no path.</exception>
    public static CorpusReference Parse(string text)
    {
        string[] parts = text.Trim().Split(':', 2);
        string kind = parts[0];
        string? path = parts.Length > 1 && parts[1].Trim().Length > 0 ? parts[1].Trim() : null;
        if (!All.Contains(kind))
        {
            throw new InputException(
                $"'{text}' is not a corpus: give KIND:PATH with KIND one of {string.Join(", ", All)}; "
                + $"the nearest to '{kind}' is '{Spelling.Nearest(kind, All)}'.");
        }

        return (kind, path) switch
        {
            ("synthetic", not null) => throw new InputException(
                $"'{text}': the synthetic corpus is generated, so it has no path; write 'synthetic' alone."),
            ("synthetic", null) => new CorpusReference(kind, null),
            (_, null) => throw new InputException($"'{text}' lacks a path: write {kind}:PATH, where {DescribePath(kind)}."),
            _ => new CorpusReference(kind, path),
        };
    }

    private static string DescribePath(string kind) => kind switch
    {
        "iemocap" => "PATH is the folder IEMOCAP_full_release or its parent",
        "emodb" => "PATH is the folder of the recordings or the parent of its wav folder",
        _ => "PATH is a CSV file with the columns path,label,speaker[,session][,name]",
    };
}
