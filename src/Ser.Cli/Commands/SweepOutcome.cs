using System.CommandLine;
using Ser.Domain.Jobs;
using Ser.Reporting;
using Ser.Reporting.Results;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>What a command that ran a sweep prints, and its exit code.</summary>
internal static class SweepOutcome
{
    internal static int Print(
        ParseResult parsed,
        SweepSnapshot sweep,
        SweepResults results,
        Func<SweepResults, IReadOnlyList<Table>> tables)
    {
        if (parsed.GetValue(CommandLine.Json))
        {
            Output.WriteText(ResultsJson.Write(results));
        }
        else
        {
            Output.WriteText(TextTableWriter.Write(tables(results)));
        }

        foreach (var job in sweep.Jobs.Where(job => job.State == JobState.Failed))
        {
            Output.WriteMessage($"failed: {job.Title}, {job.Stage} ({job.Id[..12]}): {job.Error}");
        }

        if (sweep.State == SweepState.Done)
        {
            return CommandLine.Done;
        }

        string state = sweep.State == SweepState.Cancelled ? "was cancelled" : "has failed jobs";
        Output.WriteMessage($"{sweep.Name} {state}; resume it with: ser resume {sweep.Name} --data {CommandLine.DataFolder(parsed)}");
        return CommandLine.WorkFailed;
    }
}
