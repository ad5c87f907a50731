using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Planning;
using Ser.Stages;
using Ser.Storage.Experiments;

namespace Ser.Dashboard.Actions;

/// <summary>What the dashboard's machine plans experiments with.</summary>
/// <param name="DataFolder">Where a synthetic corpus is written.</param>
/// <param name="SharedPaths">Whether the scheduler can read the same files, so that nothing is uploaded.</param>
/// <param name="Machine">What `auto` stands for.</param>
public sealed record PlanningSettings(string DataFolder, bool SharedPaths, MachineCapabilities Machine);

/// <summary>
/// Plans the experiments that users submit on the dashboard, as `ser submit` does.
/// The corpus and the weights must be on the dashboard's machine.
/// </summary>
internal static class ExperimentPlanner
{
    /// <param name="settings">Settings of the dashboard's machine.</param>
    /// <param name="yaml">Text of an experiment file.</param>
    /// <param name="reads">The jobs that exist already.</param>
    /// <exception cref="InputException">The experiment is invalid; the message names every problem.</exception>
    internal static PlannedSweep Plan(PlanningSettings settings, string yaml, IJobReads reads)
    {
        var experiment = ExperimentFile.Parse(yaml, "experiment", []);
        var prepared = PreparedExperiment.Prepare(experiment, settings.DataFolder, settings.Machine);
        string[] jobs = [.. prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id)];
        var done = reads.Results(jobs).Keys.ToHashSet();
        var cost = PlanCost.Estimate(prepared, done, StepTimes.ReadMeasured(reads));
        return new PlannedSweep(prepared, PlanText.Write(prepared, done, TableShare.FromPlan(prepared), cost), settings.SharedPaths);
    }
}
