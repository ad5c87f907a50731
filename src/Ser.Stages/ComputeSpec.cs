using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Stages.FineTune;

namespace Ser.Stages;

/// <summary>The settings besides the method that decide the bits of a job's result.</summary>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="Precision">Precision of matrix products in training: float32 or bfloat16.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="RowsAtOnce">Rows of a training step whose activations are in memory at the same time; null for all.</param>
public sealed record ComputeSpec(int Threads, string Precision, string Device, int? RowsAtOnce = null)
{
    /// <summary>
    /// The settings of the baseline. They are fixed, because it is small and its results should be the same on any number of cores.
    /// </summary>
    public static ComputeSpec Baseline { get; } = new(1, "float64", "cpu");

    /// <summary>The settings of an arm of a plan.</summary>
    public static ComputeSpec ForArm(PlanContext plan, Arm arm) => ForArm(plan.Experiment, plan.Threads, arm);

    /// <summary>The settings of an arm of a stored sweep.</summary>
    public static ComputeSpec ForArm(Experiment experiment, int threads, Arm arm) =>
        experiment.EncoderOf(arm).IsBaseline ? Baseline : new(threads, "float32", experiment.Compute.Device);

    /// <summary>The settings of a training stage. Precision and rows matter only there: embedding always uses float32.</summary>
    public static ComputeSpec ForTraining(PlanContext plan, Arm arm)
    {
        var compute = plan.Experiment.Compute;
        int rows = compute.RowsAtOnce ?? RowsThatFit(plan, arm);
        return ForArm(plan, arm) with { Precision = compute.Precision, RowsAtOnce = rows > 0 ? rows : null };
    }

    // 0 stands for all rows. On a GPU all rows are kept.
    private static int RowsThatFit(PlanContext plan, Arm arm)
    {
        var compute = plan.Experiment.Compute;
        if (compute.Device != "cpu")
        {
            return 0;
        }

        var encoder = plan.Experiment.EncoderOf(arm);
        var training = plan.Experiment.TrainingOf(arm);
        var config = plan.WeightsOf(arm) is { } weights
            ? weights.Architecture
            : EncoderConfig.Preset(encoder.Preset!);
        int views = arm.Augmentation == "none" ? 1 : 2;
        bool trainsConvolutions = encoder.Freeze != "convolution";
        bool isBFloat16 = compute.Precision == "bfloat16";
        return ActivationMemory.RowsAtOnce(
            config, training.Batch * views, training.MaxSeconds, convolutions: trainsConvolutions, bfloat16: isBFloat16);
    }
}
