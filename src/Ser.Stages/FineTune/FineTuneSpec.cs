using System.Text.Json.Nodes;

namespace Ser.Stages.FineTune;

/// <summary>Everything that decides the weights of one fold of one arm.</summary>
public sealed record FineTuneSpec
{
    /// <summary>Digest of the corpus.</summary>
    public required string Corpus { get; init; }

    /// <summary>Training and validation speakers.</summary>
    public required FoldSpec Fold { get; init; }

    /// <summary>Preset of an encoder drawn from the seed, mfcc for the classical baseline, or null.</summary>
    public string? Preset { get; init; }

    /// <summary>Published weights, or null.</summary>
    public WeightsSpec? Weights { get; init; }

    /// <summary>Dropout in place of the configuration's, or null.</summary>
    public double? Dropout { get; init; }

    /// <summary>Recordings that its augmentation draws from, or null.</summary>
    public RecordingsSpec? Recordings { get; init; }

    /// <summary>Seconds of an utterance that are kept.</summary>
    public required double MaxSeconds { get; init; }

    /// <summary>Of the method: the members of Ser.Learning's FineTuneOptions; for the baseline its revision and the number of classes.</summary>
    public required JsonObject Training { get; init; }

    /// <summary>Of the machine.</summary>
    public required ComputeSpec Compute { get; init; }
}

/// <summary>Digests of recorded noises and impulse responses; null: synthetic, or not asked for by the augmentation.</summary>
public sealed record RecordingsSpec(string? Noises, string? Responses);

/// <summary>Published weights and what they mean.</summary>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Architecture">The members of Ser.Learning's EncoderConfig.</param>
/// <param name="NormalizeInput">Whether input has zero mean and unit variance.</param>
public sealed record WeightsSpec(string Digest, JsonObject Architecture, bool NormalizeInput);
