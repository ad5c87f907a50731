using System.Globalization;
using Ser.Domain.Corpora;

namespace Ser.Reporting;

/// <summary>Forecasts, before anything is run, how large a difference must be on a corpus to exceed the noise.</summary>
/// <param name="Utterances">Number of test utterances; each utterance is tested once.</param>
/// <param name="Speakers">Number of speakers, which the intervals resample as a whole.</param>
/// <param name="Folds">Number of folds, which are the pairs of Wilcoxon's test.</param>
/// <param name="Right">Share of correct predictions that is assumed for every class.</param>
/// <param name="StandardErrorWa">√(p(1-p)/n) of a single run; smaller differences of WA are not significant.</param>
/// <param name="StandardErrorUa">√(Σ p(1-p)/n_c)/C over the classes that occur; smaller differences of UA are not significant.</param>
/// <param name="PaperGain">Gain of WA by neighbours in the paper, S3 minus S2.</param>
/// <param name="PaperGainInside">Whether a gain as small as the paper's would not be significant on this corpus.</param>
/// <param name="LeastWilcoxon">2/2^folds: the smallest p that Wilcoxon's test can give.</param>
public sealed record NoiseForecast(
    int Utterances,
    int Speakers,
    int Folds,
    double Right,
    double StandardErrorWa,
    double StandardErrorUa,
    double PaperGain,
    bool PaperGainInside,
    double LeastWilcoxon)
{
    private const double AssumedAccuracy = 0.7;
    private const double SignificanceLevel = 0.05;

    /// <summary>The forecast for a corpus and a number of folds.</summary>
    public static NoiseForecast Compute(Corpus corpus, int folds)
    {
        const double variance = AssumedAccuracy * (1 - AssumedAccuracy);
        int[] classes = [.. corpus.Utterances.GroupBy(utterance => utterance.Class).Select(members => members.Count())];
        double wa = Math.Sqrt(variance / corpus.Utterances.Count);
        double ua = Math.Sqrt(classes.Sum(count => variance / count)) / classes.Length;
        double gain = PaperStages.GainOfNeighbours;
        double smallestWilcoxon = Math.Min(1, Math.ScaleB(2, -folds));
        bool gainIsInside = gain < Math.Max(wa, ua);
        return new NoiseForecast(
            corpus.Utterances.Count, corpus.Speakers.Count, folds, AssumedAccuracy, wa, ua, gain, gainIsInside, smallestWilcoxon);
    }

    /// <summary>The forecast as sentences.</summary>
    public string Text
    {
        get
        {
            var culture = CultureInfo.InvariantCulture;
            string errors = string.Create(
                culture,
                $"over {Utterances} test utterances the standard error of WA is about {100 * StandardErrorWa:0.0} points and that of UA "
                + $"{100 * StandardErrorUa:0.0} (at {100 * Right:0} % correct): smaller differences will not be significant");
            double errorsInGain = PaperGain / Math.Max(StandardErrorWa, StandardErrorUa);
            string gain = PaperGainInside
                ? string.Create(culture, $", including a gain as small as the paper's {100 * PaperGain:0.0}")
                : string.Create(culture, $"; the paper's gain of {100 * PaperGain:0.0} is {errorsInGain:0.0} standard errors");
            string advice = "More seeds average out the randomness of training, but only more utterances and speakers "
                + string.Create(culture, $"(here {Speakers}) reduce this error.");
            string wilcoxon = LeastWilcoxon > SignificanceLevel
                ? string.Create(culture, $" Wilcoxon's test over {Folds} folds cannot give a p below {LeastWilcoxon:0.###}.")
                : "";
            return $"{errors}{gain}. {advice}{wilcoxon}";
        }
    }
}
