using Ser.Client;
using Ser.Dashboard.Actions;
using Ser.Planning;
using Ser.Storage.Experiments;

namespace Ser.Cli.Hosts;

/// <summary>Plans what a page of the dashboard submits.</summary>
internal static class PagePlanner
{
    /// <param name="dataFolder">Where a synthetic corpus is made.</param>
    /// <param name="sharedPaths">Whether the scheduler sees the same files, so that nothing is uploaded.</param>
    internal static Planner In(string dataFolder, bool sharedPaths) => (yaml, done) =>
    {
        var prepared = Preparation.Of(ExperimentFile.Parse(yaml, "experiment", []), dataFolder);
        string[] jobs = [.. prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id)];
        var ready = done(jobs);
        return new PlannedSweep(
            prepared.Context.Experiment.Name, PlanText.Of(prepared, ready, TableShare.Of(prepared), PlanCost.Of(prepared, ready, StepTimes.Earlier(dataFolder))), prepared.Warnings, jobs,
            (server, stop) => Upload.SubmitAsync(server, prepared, sharedPaths, null, stop));
    };
}
