using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>Everything there is to say about a corpus, whether or not it can be used.</summary>
/// <param name="Kind">iemocap, emodb, csv or synthetic.</param>
/// <param name="Path">Where it was read from.</param>
/// <param name="Corpus">The corpus; null while it has problems.</param>
/// <param name="Classes">Class names, in the order of the confusion matrix.</param>
/// <param name="Utterances">Sound utterances in the order of the folds; all of them where there are no problems.</param>
/// <param name="Speakers">Speakers of the sound utterances, in the order of the folds.</param>
/// <param name="LeftOut">Utterances whose label no class takes, counted by label.</param>
/// <param name="Channels">Number of sound utterances by number of channels.</param>
/// <param name="Problems">What is wrong. Nothing may be run while there is one.</param>
/// <param name="Warnings">What is odd, but can be lived with.</param>
public sealed record CorpusReport(
    string Kind,
    string Path,
    Corpus? Corpus,
    IReadOnlyList<string> Classes,
    IReadOnlyList<Utterance> Utterances,
    IReadOnlyList<Speaker> Speakers,
    IReadOnlyDictionary<string, int> LeftOut,
    IReadOnlyDictionary<int, int> Channels,
    IReadOnlyList<CorpusProblem> Problems,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Lengths of the sound utterances.</summary>
    public Durations Durations => Durations.Of(Utterances);
}

/// <summary>How far the check of the recordings is.</summary>
/// <param name="Done">Recordings opened so far.</param>
/// <param name="Total">Recordings to open.</param>
public readonly record struct CorpusProgress(int Done, int Total);

/// <summary>Lengths in seconds, before any cut; zeros without utterances.</summary>
/// <param name="Total">Sum.</param>
/// <param name="Shortest">Minimum.</param>
/// <param name="Median">Median; of an even number the mean of the middle two.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Longest">Maximum.</param>
/// <param name="ShareCut">Share of utterances longer than the 7.5 s that are kept, between 0 and 1.</param>
public sealed record Durations(double Total, double Shortest, double Median, double Mean, double Longest, double ShareCut)
{
    /// <summary>Seconds of an utterance that the paper's profile keeps.</summary>
    public const double Kept = 7.5;

    internal static Durations Of(IReadOnlyList<Utterance> utterances)
    {
        if (utterances.Count == 0)
        {
            return new(0, 0, 0, 0, 0, 0);
        }

        double[] seconds = [.. utterances.Select(utterance => utterance.Seconds).Order()];
        int half = seconds.Length / 2;
        double median = seconds.Length % 2 == 1 ? seconds[half] : (seconds[half - 1] + seconds[half]) / 2;
        return new(seconds.Sum(), seconds[0], median, seconds.Average(), seconds[^1], seconds.Count(length => length > Kept) / (double)seconds.Length);
    }
}
