using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Cli.Hosts;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Workers;
using Ser.Server;
using Ser.Server.Commands;
using Ser.Server.Hosts;

namespace Ser.Cli.Commands;

/// <summary>
/// `ser up` and `ser worker`: long-running services with a worker.
/// SIGTERM shuts each down in an orderly way within 20 s, with exit code 0.
/// </summary>
internal static class HostCommands
{
    private static readonly Option<string?> Name = new("--name")
    {
        Description = "Name of the worker, unique among the workers that are alive. Default: the machine's.",
        HelpName = "NAME",
    };

    private static readonly Option<int?> Slots = RunCommand.SlotsOption();

    internal static SerCommand Up()
    {
        var dashboard = new Option<string?>("--dashboard")
        {
            Description = "Address of the dashboard, or none. Default: http://localhost:5080.",
            HelpName = "URL",
        };
        var command = new SerCommand(
            "up",
            "Start scheduler, worker and dashboard in one process.",
            "ser up --data ./ser-data",
            "Start the scheduler with its API, a worker and the dashboard, in one process on a data folder.")
        {
            ServerCommands.Config, ServerCommands.Listen, dashboard, Name, Slots,
        };
        command.SetAction(parsed =>
        {
            var settings = WorkerOptions(parsed);
            settings["Scheduler:Listen"] = parsed.GetValue(ServerCommands.Listen);
            settings["Dashboard:Listen"] = parsed.GetValue(dashboard);
            var configuration = HostConfiguration.Read(parsed.GetValue(ServerCommands.Config), settings);
            return SchedulerHost.RunAsync(
                configuration,
                CommandLine.DataFolder(parsed),
                "ser up",
                (stores, problems) => WorkerHost.BesideScheduler(configuration, stores, problems),
                migrate: false,
                Interrupts.From(parsed));
        });
        return command;
    }

    internal static SerCommand Worker()
    {
        var untilIdle = new Option<bool>("--until-idle") { Description = "Exit when there has been no job for Worker:IdleAfter (10s)." };
        var maxTime = new Option<string?>("--max-time")
        {
            Description = "Exit after this time, with checkpoints: 90m, 4h. Suits Slurm and other batch systems.",
            HelpName = "TIME",
        };
        var labels = new Option<string?>("--labels") { Description = "Labels of this worker, separated by commas.", HelpName = "LABELS" };
        var command = new SerCommand(
            "worker",
            "Start a worker, drain it, or reinstate it.",
            "ser worker --name gpu1 --config farm.json",
            "Run jobs until stopped. The worker uses the farm's servers where they are configured (Postgres, RabbitMq, S3), "
            + "and a data folder otherwise.")
        {
            ServerCommands.Config, Name, Slots, untilIdle, maxTime, labels, Drain(), Reinstate(),
        };
        command.SetAction(parsed =>
        {
            var settings = WorkerOptions(parsed);
            settings["Worker:MaxTime"] = parsed.GetValue(maxTime);
            settings["Worker:Labels"] = parsed.GetValue(labels);
            var configuration = HostConfiguration.Read(parsed.GetValue(ServerCommands.Config), settings);
            return WorkerHost.RunAsync(configuration, CommandLine.DataFolder(parsed), parsed.GetValue(untilIdle), Interrupts.From(parsed));
        });
        return command;
    }

    private static SerCommand Drain()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the worker." };
        var release = new Option<bool>("--release", "--hand-back")
        {
            Description = "Release its running jobs, with checkpoints, for other workers, in place of finishing them.",
        };
        var command = new SerCommand(
            "drain",
            "Stop assigning jobs to a worker.",
            "ser worker drain gpu1 --server http://127.0.0.1:5090",
            "Stop assigning jobs to a worker. It exits when its running jobs are finished.")
        {
            name, release,
        };
        command.SetAction(async (parsed, stop) =>
        {
            using var server = SchedulerOptions.ConnectRequired(parsed);
            string releases = parsed.GetValue(release) ? "true" : "false";
            var worker = await server.PostAsync<WorkerInfo>($"{WorkerPath(parsed.GetValue(name)!)}/drain?handBack={releases}", stop);
            Output.WriteMessage($"{worker.Name} is assigned no more jobs; {Plural.Count(worker.Running.Count, "job")} still running there");
            PrintJson(parsed, worker);
            return CommandLine.Done;
        });
        return command;
    }

    private static SerCommand Reinstate()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the worker." };
        var command = new SerCommand(
            "reinstate",
            "Take a worker out of quarantine.",
            "ser worker reinstate gpu1 --server http://127.0.0.1:5090",
            "Assign jobs again to a worker in quarantine. A worker is put into quarantine when all of its latest jobs have failed.")
        {
            name,
        };
        command.Aliases.Add("release");
        command.SetAction(async (parsed, stop) =>
        {
            using var server = SchedulerOptions.ConnectRequired(parsed);
            var worker = await server.PostAsync<WorkerInfo>($"{WorkerPath(parsed.GetValue(name)!)}/release", stop);
            Output.WriteMessage($"{worker.Name} is assigned jobs again");
            PrintJson(parsed, worker);
            return CommandLine.Done;
        });
        return command;
    }

    private static string WorkerPath(string name) => $"api/workers/{Uri.EscapeDataString(name)}";

    private static void PrintJson(ParseResult parsed, WorkerInfo worker)
    {
        if (parsed.GetValue(CommandLine.Json))
        {
            Output.WriteJson(JsonSerializer.SerializeToNode(worker, ApiJson.Options) as JsonObject ?? []);
        }
    }

    private static Dictionary<string, string?> WorkerOptions(ParseResult parsed) => new()
    {
        ["Worker:Name"] = parsed.GetValue(Name),
        ["Worker:Slots"] = parsed.GetValue(Slots)?.ToString(CultureInfo.InvariantCulture),
    };
}
