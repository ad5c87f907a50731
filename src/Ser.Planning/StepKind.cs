using System.Text.Json.Nodes;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Planning;

/// <summary>What the time of a training step depends on: a step takes equally long in two fine-tunes of the same kind.</summary>
/// <param name="Key">Canonical JSON of encoder, trained layers, batch, views, seconds, corpus and machine settings.</param>
/// <param name="Steps">Upper bound of the steps of this fine-tune; null: it is not trained by steps.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Threads">Threads of libtorch.</param>
public sealed record StepKind(string Key, long? Steps, string Device, int Threads)
{
    private static readonly string[] TrainingKeys = ["batch", "freeze", "masking", "projectionHead"];

    /// <param name="spec">The specification of a FineTune job.</param>
    /// <param name="train">Training utterances of its fold.</param>
    public static StepKind FromSpec(JsonObject spec, int train)
    {
        var training = spec["training"]!.AsObject();
        var compute = SpecJson.Read<ComputeSpec>(spec["compute"]!.AsObject());
        var key = new JsonObject(TrainingKeys.Select(name => KeyValuePair.Create(name, training[name]?.DeepClone())))
        {
            ["views"] = training["augmentation"]?.GetValue<string>() == "none" ? 1 : 2,
            ["corpus"] = spec["corpus"]!.DeepClone(),
            ["preset"] = spec["preset"]?.DeepClone(),
            ["architecture"] = spec["weights"]?["architecture"]?.DeepClone(),
            ["maxSeconds"] = spec["maxSeconds"]!.DeepClone(),
            ["compute"] = spec["compute"]!.DeepClone(),
        };
        return new StepKind(CanonicalJson.Write(key), CountSteps(training, train), compute.Device, compute.Threads);
    }

    // Epochs times batches, the last batch of an epoch being a partial one.
    private static long? CountSteps(JsonObject training, int train)
    {
        if (training["epochs"] is not { } epochs || training["batch"] is not { } batch)
        {
            return null;
        }

        int batchSize = batch.GetValue<int>();
        int batches = (train + batchSize - 1) / batchSize;
        return epochs.GetValue<long>() * batches;
    }
}
