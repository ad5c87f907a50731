using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Cli.Progress;
using Ser.Domain.Jobs;
using Ser.Hosting.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser status`: every sweep of a data folder, also while a runner works.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var command = new Command("status", "Show every sweep of the data folder: state, folds done, what runs, what failed.");
        command.SetAction(parsed =>
        {
            using var data = DataFolder.OpenForReading(CommandLine.DataFolder(parsed));
            var sweeps = data.Reads.Sweeps();
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject { ["sweeps"] = new JsonArray([.. sweeps.Select(Json)]), ["runner"] = data.HasRunner });
                return CommandLine.Done;
            }

            bool runner = data.HasRunner;
            foreach (var sweep in sweeps)
            {
                Print(sweep, runner);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static JsonObject Json(SweepSnapshot sweep)
    {
        var progress = SweepProgress.Of(sweep);
        return new JsonObject
        {
            ["name"] = sweep.Name,
            ["state"] = sweep.State.ToString().ToLowerInvariant(),
            ["folds"] = new JsonObject { ["done"] = progress.FoldsDone, ["planned"] = progress.Folds },
            ["jobs"] = new JsonObject([.. sweep.Jobs.GroupBy(job => job.State).OrderBy(group => group.Key)
                .Select(group => KeyValuePair.Create(group.Key.ToString().ToLowerInvariant(), (JsonNode?)group.Count()))]),
            ["running"] = new JsonArray([.. progress.Arms.SelectMany(arm => arm.Running).Select(Running)]),
        };
    }

    private static JsonObject Running(JobSnapshot job) => new()
    {
        ["jobId"] = job.Id,
        ["arm"] = job.Arm,
        ["fold"] = job.Fold,
        ["stage"] = job.Stage,
        ["attempt"] = job.Attempt,
        ["epoch"] = job.Progress?.Epoch,
        ["epochs"] = job.Progress?.Epochs,
        ["loss"] = job.Progress?.Loss,
        ["stepsPerSecond"] = job.Progress?.StepsPerSecond,
    };

    private static void Print(SweepSnapshot sweep, bool runner)
    {
        var progress = SweepProgress.Of(sweep);
        Output.Text(string.Create(CultureInfo.InvariantCulture, $"{sweep.Name}: {sweep.State.ToString().ToLowerInvariant()}, {progress.FoldsDone}/{progress.Folds} folds done, {progress.Share:P0} trained"));
        if (!runner && sweep.State == SweepState.Unfinished)
        {
            Output.Text($"  nobody runs it; what was running was cut off: ser resume {sweep.Name}");
        }

        foreach (var arm in progress.Arms)
        {
            Output.Text($"  {arm.Name}: {arm.FoldsDone}/{arm.Folds}{string.Concat(arm.Running.Select(job => $"; {ProgressText.Running(job)}"))}");
        }

        foreach (var job in sweep.Jobs.Where(job => job.State == JobState.Failed || job.WaitsFor is not null))
        {
            Output.Text($"  {job.Id[..12]} {job.Title}, {job.Stage}: {(job.State == JobState.Failed ? $"failed after {job.Attempt} attempts: {job.Error}" : job.WaitsFor)}");
        }
    }
}
