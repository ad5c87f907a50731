using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;

namespace Ser.Stages.FineTune;

/// <summary>
/// The specification of the classical baseline: corpus, fold, length limit and classes. Settings that it does not use, such as epochs,
/// rates, seed and threads, are left out, so that changing them does not train it again.
/// </summary>
internal static class BaselineSpec
{
    // Raised by hand when the baseline's numbers change. The revision of the stage would discard the results of every other arm too.
    private const int Revision = 1;

    internal static FineTuneSpec Create(PlanContext plan, Fold fold) => new()
    {
        Corpus = plan.Corpus.Digest,
        Fold = new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers),
        Preset = EncoderSettings.Mfcc,
        MaxSeconds = plan.Experiment.Training.MaxSeconds,
        Training = new JsonObject { ["baseline"] = Revision, ["classes"] = plan.Corpus.Classes.Count },
        Compute = ComputeSpec.Baseline,
    };
}
