using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>The contents, problems and warnings of a corpus, whether or not it can be used.</summary>
/// <param name="Kind">iemocap, emodb, csv or synthetic.</param>
/// <param name="Path">Where it was read from.</param>
/// <param name="Corpus">The corpus; null while it has problems.</param>
/// <param name="Classes">Class names, in the order of the confusion matrix.</param>
/// <param name="Utterances">Utterances without a problem, in the order of the folds; all of them where there are no problems.</param>
/// <param name="Speakers">Speakers of these utterances, in the order of the folds.</param>
/// <param name="LeftOut">Number of utterances whose label belongs to no class, by label.</param>
/// <param name="Channels">Number of utterances without a problem by their number of audio channels.</param>
/// <param name="Problems">Errors. No experiment runs while there is one.</param>
/// <param name="Warnings">Oddities that do not prevent a run.</param>
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
    /// <summary>Lengths of the utterances without a problem.</summary>
    public Durations Durations => Durations.Compute(Utterances);
}

/// <summary>Progress of the check of the recordings.</summary>
/// <param name="Done">Recordings opened so far.</param>
/// <param name="Total">Recordings to open.</param>
public readonly record struct CorpusProgress(int Done, int Total);

/// <summary>Lengths in seconds before any cut; all are zero where there are no utterances.</summary>
/// <param name="Total">Sum.</param>
/// <param name="Shortest">Minimum.</param>
/// <param name="Median">Median; for an even number the mean of the middle two.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Longest">Maximum.</param>
/// <param name="ShareCut">Share of utterances longer than the 7.5 s that are kept, between 0 and 1.</param>
public sealed record Durations(double Total, double Shortest, double Median, double Mean, double Longest, double ShareCut)
{
    /// <summary>Seconds of an utterance that the paper's profile keeps.</summary>
    public const double PaperLimit = 7.5;

    internal static Durations Compute(IReadOnlyList<Utterance> utterances)
    {
        if (utterances.Count == 0)
        {
            return new(0, 0, 0, 0, 0, 0);
        }

        double[] seconds = [.. utterances.Select(utterance => utterance.Seconds).Order()];
        int half = seconds.Length / 2;
        double median = seconds.Length % 2 == 1 ? seconds[half] : (seconds[half - 1] + seconds[half]) / 2;
        double shareCut = seconds.Count(length => length > PaperLimit) / (double)seconds.Length;
        return new(seconds.Sum(), seconds[0], median, seconds.Average(), seconds[^1], shareCut);
    }
}
