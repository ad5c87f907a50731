using Ser.Checkpoints;
using Ser.Domain.Experiments;

namespace Ser.Stages.FineTune;

/// <summary>Everything that decides the weights of one fold of one arm with an encoder. The job's id is computed from it.</summary>
public sealed record FineTuneSpec
{
    /// <summary>Digest of the corpus.</summary>
    public required string Corpus { get; init; }

    /// <summary>Training and validation speakers.</summary>
    public required FoldSpec Fold { get; init; }

    /// <summary>Preset of an encoder that is initialised from the seed; null for published weights.</summary>
    public string? Preset { get; init; }

    /// <summary>Published weights; null for a preset.</summary>
    public WeightsSpec? Weights { get; init; }

    /// <summary>Dropout that replaces the configuration's; null to keep it.</summary>
    public double? Dropout { get; init; }

    /// <summary>Recordings that the augmentation draws from; null where it needs none.</summary>
    public RecordingsSpec? Recordings { get; init; }

    /// <summary>Length in seconds to which utterances are cut.</summary>
    public required double MaxSeconds { get; init; }

    /// <summary>Settings of the method.</summary>
    public required FineTuneOptions Training { get; init; }

    /// <summary>Settings of the machine that decide the bits of the result.</summary>
    public required ComputeSpec Compute { get; init; }
}

/// <summary>Digests of recorded noises and impulse responses; null where they are synthetic or not used by the augmentation.</summary>
public sealed record RecordingsSpec(string? Noises, string? Responses);

/// <summary>Published weights and how to use them.</summary>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Architecture">Architecture and dropout probabilities of the encoder.</param>
/// <param name="NormalizeInput">Whether input must have zero mean and unit variance.</param>
public sealed record WeightsSpec(string Digest, EncoderConfig Architecture, bool NormalizeInput);
