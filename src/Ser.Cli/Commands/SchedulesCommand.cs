using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Client;
using Ser.Domain;
using Ser.Scheduler.Api;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser schedules`: sweeps that a scheduler submits on a cron schedule.</summary>
internal static class SchedulesCommand
{
    internal static SerCommand Create()
    {
        var remove = new Option<string?>("--remove")
        {
            Description = "Remove the schedule of this sweep; sweeps that were already submitted stay.",
            HelpName = "SWEEP",
        };
        var command = new SerCommand(
            "schedules",
            "List or remove the schedules of recurring sweeps.",
            "ser schedules --server http://127.0.0.1:5090",
            "List the sweeps that a scheduler submits on a schedule (ser submit --cron).")
        {
            remove,
        };
        command.SetAction(async (parsed, stop) =>
        {
            using var server = SchedulerOptions.ConnectRequired(parsed);
            if (parsed.GetValue(remove) is { } name)
            {
                await server.DeleteAsync<ScheduleView>($"api/schedules/{Uri.EscapeDataString(name)}", stop);
                Output.WriteMessage($"removed the schedule of {name}");
            }

            var schedules = await server.GetAsync<IReadOnlyList<ScheduleView>>("api/schedules", stop);
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(new JsonObject { ["schedules"] = JsonSerializer.SerializeToNode(schedules, ApiJson.Options) });
                return CommandLine.Done;
            }

            string list = string.Join(Environment.NewLine, schedules.Select(Line));
            Output.WriteMessage(schedules.Count == 0 ? "no sweep is on a schedule" : list);
            return CommandLine.Done;
        });
        return command;
    }

    private static string Line(ScheduleView schedule)
    {
        string owner = schedule.Owner is null ? "" : $", owner: {schedule.Owner}";
        return $"{schedule.Name}: '{schedule.Cron}' ({schedule.Zone}), {Plural.Count(schedule.Jobs, "job")}{owner}";
    }
}
