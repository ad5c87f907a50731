using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Remote;
using Ser.Cli.Sweeps;
using Ser.Client;
using Ser.Reporting;

namespace Ser.Cli.Commands;

/// <summary>`ser resume`: runs what failed or was cut off, and only that.</summary>
internal static class ResumeCommand
{
    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var slots = RunCommand.Slots();
        var parked = new Option<bool>("--parked") { Description = "Also run to their end the arms that were stopped early (halving), from where they stopped." };
        var command = new Command("resume", "Run what failed, was cancelled or was cut off, from its last checkpoint, and only that.") { sweep, slots, parked };
        command.SetAction(async (parsed, interrupt) =>
        {
            if (Target.Of(parsed) is { } server)
            {
                return await AtServerAsync(server, parsed, parsed.GetValue(sweep)!, parsed.GetValue(parked), interrupt);
            }

            var (end, results) = await SweepRun.ResumeAsync(
                CommandLine.DataFolder(parsed), parsed.GetValue(sweep)!, parsed.GetValue(slots), "ser resume", parsed.GetValue(parked), interrupt);
            return Answer.Print(parsed, end, results, SweepReport.Of);
        });
        return command;
    }

    private static async Task<int> AtServerAsync(SerServer server, ParseResult parsed, string sweep, bool parked, CancellationToken stop)
    {
        using (server)
        {
            var answer = await server.PostAsync<ResumeAnswer>($"api/sweeps/{Uri.EscapeDataString(sweep)}/resume?parked={(parked ? "true" : "false")}", stop);
            Output.Say($"{sweep}: {answer.Revived} jobs are wanted again; look with: ser watch {sweep}");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject { ["sweep"] = answer.Sweep, ["revived"] = answer.Revived });
            }

            return CommandLine.Done;
        }
    }
}
