using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Sweeps;
using Ser.Client;
using Ser.Domain;
using Ser.Reporting;
using Ser.Server;
using Ser.Server.Hosts;

namespace Ser.Cli.Commands;

/// <summary>`ser resume`: runs only the jobs that failed, were cancelled or were interrupted.</summary>
internal static class ResumeCommand
{
    internal static SerCommand Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var slots = RunCommand.SlotsOption();
        var parked = new Option<bool>("--parked")
        {
            Description = "Also finish the arms that successive halving stopped early, from where they stopped.",
        };
        var command = new SerCommand(
            "resume",
            "Continue a sweep from its last checkpoints.",
            "ser resume iemocap",
            "Run the jobs of a sweep that failed, were cancelled or were interrupted, from their last checkpoints. "
            + "Finished work is reused.")
        {
            sweep, slots, parked,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            string name = parsed.GetValue(sweep)!;
            bool withParked = parsed.GetValue(parked);
            using var server = SchedulerOptions.Connect(parsed);
            if (server is not null)
            {
                return await ResumeAtServerAsync(server, parsed, name, withParked, interrupt);
            }

            string folder = CommandLine.DataFolder(parsed);
            var interrupts = Interrupts.From(parsed);
            var (end, results) = await SweepRun.ResumeAsync(folder, name, parsed.GetValue(slots), "ser resume", withParked, interrupts);
            return SweepOutcome.Print(parsed, end, results, SweepReport.CreateTables);
        });
        return command;
    }

    private static async Task<int> ResumeAtServerAsync(
        SchedulerClient server,
        ParseResult parsed,
        string sweep,
        bool parked,
        CancellationToken stop)
    {
        string path = $"api/sweeps/{Uri.EscapeDataString(sweep)}/resume?parked={(parked ? "true" : "false")}";
        var answer = await server.PostAsync<ResumeResponse>(path, stop);
        string jobs = Plural.Count(answer.Revived, "job");
        Output.WriteMessage($"{sweep}: {jobs} queued again; follow it with: ser watch {sweep} --server {server.Address}");
        if (parsed.GetValue(CommandLine.Json))
        {
            Output.WriteJson(new JsonObject { ["sweep"] = answer.Sweep, ["revived"] = answer.Revived });
        }

        return CommandLine.Done;
    }
}
