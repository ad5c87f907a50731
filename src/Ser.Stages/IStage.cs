using System.Text.Json.Nodes;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;

namespace Ser.Stages;

/// <summary>A stage: what it needs, how it enters the plan, how it runs, what it leaves. Adding one touches its folder and one line of <see cref="Pipeline"/>.</summary>
public interface IStage
{
    /// <summary>Name in job rows and artifact keys.</summary>
    string Name { get; }

    /// <summary>Raised by hand when the stage's numbers change, so that older results are not taken for new ones.</summary>
    int Revision { get; }

    /// <summary>Names of the stages of the same arm and fold whose accepted results it reads.</summary>
    IReadOnlyList<string> After { get; }

    /// <summary>Whether an experiment asks for it; if not, it is not planned. A stage that others come after must be wanted wherever they are.</summary>
    bool WantedBy(Experiment experiment) => true;

    /// <summary>Whether it runs the encoder, and so needs the device and the memory that the experiment asks for.</summary>
    bool RunsEncoder => false;

    /// <summary>Whether it trains, epoch by epoch, and so can be stopped where arms are compared.</summary>
    bool Trains => false;

    /// <summary>Everything that decides the result of one fold of one arm.</summary>
    JsonObject Spec(PlanContext plan, Arm arm, Fold fold);
}

/// <summary>What a plan is made from, all resolved.</summary>
/// <param name="Experiment">With every default.</param>
/// <param name="Corpus">Checked.</param>
/// <param name="Folds">Proved disjoint.</param>
/// <param name="Weights">Every weights file that an arm names, by the path as it is written there.</param>
/// <param name="Threads">Threads of a job.</param>
public sealed record PlanContext(Experiment Experiment, Corpus Corpus, IReadOnlyList<Fold> Folds, IReadOnlyDictionary<string, WeightsInput> Weights, int Threads)
{
    /// <summary>Recorded noises in place of synthetic ones, or null.</summary>
    public RecordingSet? Noises { get; init; }

    /// <summary>Recorded impulse responses in place of synthetic ones, or null.</summary>
    public RecordingSet? Responses { get; init; }

    /// <summary>An arm's published weights, or null where its encoder is a preset.</summary>
    public WeightsInput? WeightsOf(Arm arm) => Experiment.EncoderOf(arm).Weights is { } path ? Weights[path] : null;
}

/// <summary>A checked weights file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hex.</param>
/// <param name="Architecture">What its configuration says: the members of Ser.Learning's EncoderConfig.</param>
/// <param name="NormalizeInput">Whether its preprocessor wants zero mean and unit variance.</param>
public sealed record WeightsInput(string Path, string Digest, JsonObject Architecture, bool NormalizeInput);
