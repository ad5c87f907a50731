using Ser.Client;
using Ser.Planning;

namespace Ser.Dashboard.Actions;

/// <summary>A planned experiment. Submitting it submits exactly the plan that was shown.</summary>
/// <param name="Preparation">The plan.</param>
/// <param name="Text">The plan as `ser plan` prints it.</param>
/// <param name="SharedPaths">Whether the scheduler can read the same files, so that nothing is uploaded.</param>
internal sealed record PlannedSweep(PreparedExperiment Preparation, string Text, bool SharedPaths)
{
    /// <summary>Name of the sweep.</summary>
    public string Name => Preparation.Context.Experiment.Name;

    /// <summary>Unusual settings that do not prevent a run.</summary>
    public IReadOnlyList<string> Warnings => Preparation.Warnings;

    /// <summary>Ids of its jobs.</summary>
    public IReadOnlyList<string> Jobs { get; } = [.. Preparation.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id)];

    /// <summary>Submits this plan to a scheduler and uploads the inputs that the scheduler lacks.</summary>
    public Task<SubmissionResponse> SubmitAsync(SchedulerClient server, CancellationToken stop) =>
        SweepUpload.SubmitAsync(server, Preparation.Context, Preparation.Folds, SharedPaths, null, _ => { }, stop);
}
