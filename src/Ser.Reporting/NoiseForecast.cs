using System.Globalization;
using Ser.Domain.Corpora;

namespace Ser.Reporting;

/// <summary>How large a difference must be to be more than noise on a corpus: what can be said before anything is run.</summary>
/// <param name="Utterances">Test utterances: each is tested once.</param>
/// <param name="Speakers">Whole speakers are resampled.</param>
/// <param name="Folds">Pairs of Wilcoxon's test.</param>
/// <param name="Right">Share of right answers that is assumed in every class.</param>
/// <param name="StandardErrorWa">√(p(1-p)/n) of a single run; smaller differences of WA are inside the noise.</param>
/// <param name="StandardErrorUa">√(Σ p(1-p)/n_c)/C over the classes that occur; smaller differences of UA are inside the noise.</param>
/// <param name="PaperGain">WA that neighbours gain in the paper, S2 to S3.</param>
/// <param name="PaperGainInside">Whether a gain as small as the paper's would be inside the noise here.</param>
/// <param name="LeastWilcoxon">2/2^folds: the smallest p that Wilcoxon's test can give.</param>
public sealed record NoiseForecast(
    int Utterances, int Speakers, int Folds, double Right, double StandardErrorWa, double StandardErrorUa, double PaperGain, bool PaperGainInside, double LeastWilcoxon)
{
    private const double Assumed = 0.7;
    private const double Significant = 0.05;

    /// <summary>Of a corpus and its number of folds.</summary>
    public static NoiseForecast Of(Corpus corpus, int folds)
    {
        const double variance = Assumed * (1 - Assumed);
        int[] classes = [.. corpus.Utterances.GroupBy(utterance => utterance.Class).Select(members => members.Count())];
        double wa = Math.Sqrt(variance / corpus.Utterances.Count);
        double ua = Math.Sqrt(classes.Sum(count => variance / count)) / classes.Length;
        return new NoiseForecast(
            corpus.Utterances.Count, corpus.Speakers.Count, folds, Assumed, wa, ua, PaperStages.GainOfNeighbours, PaperStages.GainOfNeighbours < Math.Max(wa, ua), Math.Min(1, Math.ScaleB(2, -folds)));
    }

    /// <summary>The same in words.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"over {Utterances} test utterances WA's standard error is about {100 * StandardErrorWa:0.0} points and UA's {100 * StandardErrorUa:0.0} (at {100 * Right:0} % right): smaller differences will be inside the noise{(PaperGainInside ? $", a gain as small as the paper's {100 * PaperGain:0.0} among them" : $"; the paper's gain of {100 * PaperGain:0.0} is {PaperGain / Math.Max(StandardErrorWa, StandardErrorUa):0.0} of them")}. "
        + $"More seeds take out the luck of training, but only more utterances and speakers (here {Speakers}) make this error smaller.{(LeastWilcoxon > Significant ? $" Wilcoxon's test over {Folds} folds cannot give a p below {LeastWilcoxon:0.###}." : "")}");
}
