using System.Text.Json.Nodes;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Planning;

/// <summary>What the time of a training step depends on: two fine-tunes of one kind take equally long for a step.</summary>
/// <param name="Key">Canonical text of encoder, what of it is trained, batch, views, seconds, corpus and machine settings.</param>
/// <param name="Steps">Steps of this fine-tune at most; null: it is not trained by steps.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Threads">Of libtorch.</param>
public sealed record StepKind(string Key, long? Steps, string Device, int Threads)
{
    private static readonly string[] Deciding = ["batch", "freeze", "masking", "projectionHead"];

    /// <param name="spec">A FineTune job's specification.</param>
    /// <param name="train">Training utterances of its fold.</param>
    public static StepKind Of(JsonObject spec, int train)
    {
        var training = spec["training"]!.AsObject();
        var compute = SpecJson.Read<ComputeSpec>(spec["compute"]!.AsObject());
        var key = new JsonObject(Deciding.Select(name => KeyValuePair.Create(name, training[name]?.DeepClone())))
        {
            ["views"] = training["augmentation"]?.GetValue<string>() == "none" ? 1 : 2,
            ["corpus"] = spec["corpus"]!.DeepClone(),
            ["preset"] = spec["preset"]?.DeepClone(),
            ["architecture"] = spec["weights"]?["architecture"]?.DeepClone(),
            ["maxSeconds"] = spec["maxSeconds"]!.DeepClone(),
            ["compute"] = spec["compute"]!.DeepClone(),
        };
        long? steps = training["epochs"] is { } epochs && training["batch"] is { } batch
            ? epochs.GetValue<long>() * ((train + batch.GetValue<int>() - 1) / batch.GetValue<int>())
            : null;
        return new StepKind(CanonicalJson.Write(key), steps, compute.Device, compute.Threads);
    }
}
