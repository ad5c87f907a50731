using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Stages.FineTune;

namespace Ser.Stages;

/// <summary>What decides the bits of a job besides the method.</summary>
/// <param name="Threads">Of libtorch.</param>
/// <param name="Precision">Of products in training: float32 or bfloat16.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="RowsAtOnce">Rows of a step whose activations are held at once; null: all.</param>
public sealed record ComputeSpec(int Threads, string Precision, string Device, int? RowsAtOnce = null)
{
    /// <summary>Of the baseline, whatever the experiment says: it is small, and so its results are the same on any number of cores.</summary>
    public static ComputeSpec Baseline { get; } = new(1, "float64", "cpu");

    /// <summary>From an experiment, threads resolved.</summary>
    public static ComputeSpec Of(PlanContext plan, Arm arm) => Of(plan.Experiment, plan.Threads, arm);

    /// <summary>As <see cref="Of(PlanContext, Arm)"/>, from what a sweep is stored as.</summary>
    public static ComputeSpec Of(Experiment experiment, int threads, Arm arm) =>
        experiment.EncoderOf(arm).IsBaseline ? Baseline : new(threads, "float32", experiment.Compute.Device);

    /// <summary>Of a stage that trains: embedding is float32 always, so its results do not depend on the rest.</summary>
    public static ComputeSpec OfTraining(PlanContext plan, Arm arm)
    {
        var compute = plan.Experiment.Compute;
        return Of(plan, arm) with { Precision = compute.Precision, RowsAtOnce = (compute.RowsAtOnce ?? Fitting(plan, arm)) is > 0 and var rows ? rows : null };
    }

    private static int Fitting(PlanContext plan, Arm arm)
    {
        var (compute, encoder, training) = (plan.Experiment.Compute, plan.Experiment.EncoderOf(arm), plan.Experiment.TrainingOf(arm));
        var config = plan.WeightsOf(arm) is { } weights ? SpecJson.Read<EncoderConfig>(weights.Architecture.DeepClone().AsObject()) : EncoderConfig.Preset(encoder.Preset!);
        int views = arm.Augmentation == "none" ? 1 : 2;
        return compute.Device == "cpu"
            ? ActivationMemory.RowsAtOnce(config, training.Batch * views, training.MaxSeconds, convolutions: encoder.Freeze != "convolution", bfloat16: compute.Precision == "bfloat16")
            : 0;
    }
}
