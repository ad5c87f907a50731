using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Cli.Hosts;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Domain.Workers;

namespace Ser.Cli.Commands;

/// <summary>
/// `ser up`, `ser scheduler`, `ser worker` and `ser dashboard`: long-running services.
/// SIGTERM shuts each down in an orderly way within 20 s, with exit code 0.
/// </summary>
internal static class HostCommands
{
    internal static Option<string?> Config { get; } = new("--config")
    {
        Description = "Configuration file. Default: appsettings.json of the working folder, if there is one.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Listen = new("--listen")
    {
        Description = "Addresses to listen on, separated by commas. Default: http://127.0.0.1:5090.",
        HelpName = "URL",
    };

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
            Config, Listen, dashboard, Name, Slots,
        };
        command.SetAction(parsed => SchedulerHost.RunAsync(
            Read(parsed, Listen, Name, dashboard),
            CommandLine.DataFolder(parsed),
            "ser up",
            withWorker: true,
            migrate: false,
            Interrupts.From(parsed)));
        return command;
    }

    internal static SerCommand Scheduler()
    {
        var migrate = new Option<bool>("--migrate")
        {
            Description = "First migrate the database of an older version to this version's schema. "
                + "An empty database is set up without it.",
        };
        var command = new SerCommand(
            "scheduler",
            "Start the scheduler with its HTTP API.",
            "ser scheduler --listen https://0.0.0.0:5090 --config farm.json",
            "Start the scheduler with its API. It runs no jobs and needs no libtorch. "
            + "It uses the farm's servers where they are configured (Postgres, RabbitMq, S3), and a data folder otherwise.")
        {
            Config, Listen, migrate,
        };
        command.SetAction(parsed => SchedulerHost.RunAsync(
            Read(parsed, Listen, null),
            CommandLine.DataFolder(parsed),
            "ser scheduler",
            withWorker: false,
            parsed.GetValue(migrate),
            Interrupts.From(parsed)));
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
            Config, Name, Slots, untilIdle, maxTime, labels, Drain(), Reinstate(),
        };
        command.SetAction(parsed =>
        {
            var settings = Settings(parsed, null, Name);
            settings["Worker:MaxTime"] = parsed.GetValue(maxTime);
            settings["Worker:Labels"] = parsed.GetValue(labels);
            var configuration = HostConfiguration.Read(parsed.GetValue(Config), settings);
            return WorkerHost.RunAsync(configuration, CommandLine.DataFolder(parsed), parsed.GetValue(untilIdle), Interrupts.From(parsed));
        });
        return command;
    }

    internal static SerCommand Dashboard()
    {
        var listen = new Option<string?>("--listen")
        {
            Description = "Address to listen on. Default: http://localhost:5080.",
            HelpName = "URL",
        };
        var command = new SerCommand(
            "dashboard",
            "Start the dashboard of a farm or of a data folder.",
            "ser dashboard --server http://127.0.0.1:5090",
            "Start the dashboard of a farm, or a read-only dashboard of a data folder. "
            + "It changes things only through the scheduler that --server gives.")
        {
            Config, listen,
        };
        command.SetAction(parsed => DashboardProcess.RunAsync(
            Read(parsed, null, null, listen),
            CommandLine.InputFolder(parsed),
            SchedulerOptions.FindAddress(parsed),
            SchedulerOptions.FindToken(parsed),
            Interrupts.From(parsed)));
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

    private static Microsoft.Extensions.Configuration.IConfiguration Read(
        ParseResult parsed,
        Option<string?>? listen,
        Option<string?>? name,
        Option<string?>? dashboard = null)
    {
        var settings = Settings(parsed, listen, name);
        settings["Dashboard:Listen"] = dashboard is null ? null : parsed.GetValue(dashboard);
        return HostConfiguration.Read(parsed.GetValue(Config), settings);
    }

    private static Dictionary<string, string?> Settings(ParseResult parsed, Option<string?>? listen, Option<string?>? name) => new()
    {
        ["Scheduler:Listen"] = listen is null ? null : parsed.GetValue(listen),
        ["Worker:Name"] = name is null ? null : parsed.GetValue(name),
        ["Worker:Slots"] = name is null ? null : parsed.GetValue(Slots)?.ToString(CultureInfo.InvariantCulture),
    };
}
