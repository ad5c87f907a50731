using System.Text.Json.Nodes;
using Ser.Checkpoints;
using Ser.Domain.Jobs;
using Ser.Stages;
using Ser.Stages.FineTune;

namespace Ser.Planning;

/// <summary>What the time of a training step depends on: a step takes equally long in two fine-tunes of the same kind.</summary>
/// <param name="Key">Canonical JSON of encoder, trained layers, batch, views, seconds, corpus and machine settings.</param>
/// <param name="Steps">Upper bound of the steps of this fine-tune; null: it is not trained by steps.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Threads">Threads of libtorch.</param>
public sealed record StepKind(string Key, long? Steps, string Device, int Threads)
{
    /// <param name="spec">The specification of a FineTune job.</param>
    /// <param name="train">Training utterances of its fold.</param>
    public static StepKind FromSpec(JsonObject spec, int train)
    {
        if (BaselineSpec.IsOfBaseline(spec))
        {
            var compute = SpecJson.Read<BaselineSpec>(spec).Compute;
            return new StepKind(CanonicalJson.Write(Pipeline.Identity(spec)), null, compute.Device, compute.Threads);
        }

        return FromSpec(SpecJson.Read<FineTuneSpec>(spec), train);
    }

    private static StepKind FromSpec(FineTuneSpec spec, int train)
    {
        var training = spec.Training;
        var influences = new Influences(
            training.Batch,
            training.Freeze,
            training.Masking,
            training.ProjectionHead,
            training.Augmentation == "none" ? 1 : 2,
            spec.Corpus,
            spec.Preset,
            spec.Weights?.Architecture,
            spec.MaxSeconds,
            spec.Compute);
        string key = CanonicalJson.Write(SpecJson.ToNode(influences));

        // The last batch of an epoch is a partial one.
        int batches = (train + training.Batch - 1) / training.Batch;
        return new StepKind(key, (long)training.Epochs * batches, spec.Compute.Device, spec.Compute.Threads);
    }

    private sealed record Influences(
        int Batch,
        string Freeze,
        string? Masking,
        int ProjectionHead,
        int Views,
        string Corpus,
        string? Preset,
        EncoderConfig? Architecture,
        double MaxSeconds,
        ComputeSpec Compute);
}
