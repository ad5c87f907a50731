using Ser.Client;
using Ser.Dashboard.Actions;
using Ser.Planning;
using Ser.Storage.Experiments;

namespace Ser.Cli.Hosts;

/// <summary>Plans the experiments that users submit on the dashboard.</summary>
internal static class PagePlanner
{
    /// <param name="dataFolder">Where a synthetic corpus is written.</param>
    /// <param name="sharedPaths">Whether the scheduler can read the same files, so that nothing is uploaded.</param>
    internal static Planner In(string dataFolder, bool sharedPaths) => (yaml, done) =>
    {
        var prepared = Preparation.Of(ExperimentFile.Parse(yaml, "experiment", []), dataFolder);
        string[] jobs = [.. prepared.Folds.SelectMany(fold => fold.Jobs.Values).Select(job => job.Id)];
        var doneJobs = done(jobs);
        var cost = PlanCost.Of(prepared, doneJobs, StepTimes.Earlier(dataFolder));
        string text = PlanText.Of(prepared, doneJobs, TableShare.Of(prepared), cost);
        return new PlannedSweep(
            prepared.Context.Experiment.Name,
            text,
            prepared.Warnings,
            jobs,
            (server, stop) => Upload.SubmitAsync(server, prepared, sharedPaths, null, stop));
    };
}
