using System.Text.Json.Nodes;
using Ser.Checkpoints;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;

namespace Ser.Stages;

/// <summary>
/// A stage of the pipeline: its parents, how it is planned and how it runs. Adding one takes a folder and a line in <see cref="Pipeline"/>.
/// </summary>
public interface IStage
{
    /// <summary>Name in job rows and artifact keys.</summary>
    string Name { get; }

    /// <summary>Raised by hand when the stage's numbers change, so that older results are not reused.</summary>
    int Revision { get; }

    /// <summary>Names of the stages of the same arm and fold whose accepted results this stage reads.</summary>
    IReadOnlyList<string> Parents { get; }

    /// <summary>
    /// Whether an experiment needs the stage; otherwise it is not planned. A parent must be needed wherever its children are.
    /// </summary>
    bool IsNeededBy(Experiment experiment) => true;

    /// <summary>Whether the stage runs the encoder, and so needs the device and memory that the experiment requests.</summary>
    bool RunsEncoder => false;

    /// <summary>Whether the stage trains epoch by epoch, and so can be paused at the rungs of successive halving.</summary>
    bool Trains => false;

    /// <summary>The specification: everything that decides the result of one fold of one arm.</summary>
    JsonObject CreateSpec(PlanContext plan, Arm arm, Fold fold);
}

/// <summary>The resolved inputs of a plan.</summary>
/// <param name="Experiment">The experiment with every default.</param>
/// <param name="Corpus">The checked corpus.</param>
/// <param name="Folds">Folds whose speakers were checked to be disjoint.</param>
/// <param name="Weights">Every weights file that an arm names, by the path in the experiment.</param>
/// <param name="Threads">Threads of a job.</param>
public sealed record PlanContext(
    Experiment Experiment, Corpus Corpus, IReadOnlyList<Fold> Folds, IReadOnlyDictionary<string, WeightsInput> Weights, int Threads)
{
    /// <summary>Recorded noises; null for synthetic ones.</summary>
    public RecordingSet? Noises { get; init; }

    /// <summary>Recorded impulse responses; null for synthetic ones.</summary>
    public RecordingSet? Responses { get; init; }

    /// <summary>The published weights of an arm; null where its encoder is a preset.</summary>
    public WeightsInput? WeightsOf(Arm arm) => Experiment.EncoderOf(arm).Weights is { } path ? Weights[path] : null;
}

/// <summary>A checked weights file.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hex.</param>
/// <param name="Architecture">Architecture and dropout probabilities as published.</param>
/// <param name="NormalizeInput">Whether input must have zero mean and unit variance.</param>
public sealed record WeightsInput(string Path, string Digest, EncoderConfig Architecture, bool NormalizeInput);
