using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;

namespace Ser.Stages.FineTune;

/// <summary>What decides the arm without an encoder: corpus, fold, cut and classes. Epochs, rates, seed, threads and the like mean nothing to it and do not train it again.</summary>
internal static class BaselineSpec
{
    // Raised by hand when the baseline's numbers change, so that the results of every other arm stay.
    private const int Revision = 1;

    internal static FineTuneSpec Of(PlanContext plan, Fold fold) => new()
    {
        Corpus = plan.Corpus.Digest,
        Fold = new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers),
        Preset = EncoderSettings.Mfcc,
        MaxSeconds = plan.Experiment.Training.MaxSeconds,
        Training = new JsonObject { ["baseline"] = Revision, ["classes"] = plan.Corpus.Classes.Count },
        Compute = ComputeSpec.Baseline,
    };
}
