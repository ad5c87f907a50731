using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Scheduler.Api;

namespace Ser.Cli.Commands;

/// <summary>`ser schedules`: sweeps that a scheduler submits again and again.</summary>
internal static class SchedulesCommand
{
    internal static Command Create()
    {
        var remove = new Option<string?>("--remove") { Description = "Submit this sweep no more; what was submitted stays.", HelpName = "SWEEP" };
        var command = new Command("schedules", "List the sweeps that a scheduler submits on a schedule (ser submit --cron).") { remove };
        command.SetAction(async (parsed, stop) =>
        {
            using var server = Target.Required(parsed);
            if (parsed.GetValue(remove) is { } name)
            {
                await server.DeleteAsync<ScheduleView>($"api/schedules/{Uri.EscapeDataString(name)}", stop);
                Output.Say($"{name} is submitted no more");
            }

            var schedules = await server.GetAsync<IReadOnlyList<ScheduleView>>("api/schedules", stop);
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject { ["schedules"] = JsonSerializer.SerializeToNode(schedules, ApiJson.Options) });
                return CommandLine.Done;
            }

            Output.Say(schedules.Count == 0 ? "no sweep is on a schedule" : string.Join(Environment.NewLine, schedules.Select(schedule =>
                $"{schedule.Name}: '{schedule.Cron}' ({schedule.Zone}), {schedule.Jobs} jobs{(schedule.Owner is null ? "" : $", of {schedule.Owner}")}")));
            return CommandLine.Done;
        });
        return command;
    }
}
