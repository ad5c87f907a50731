using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Ser.Server.Hosts;
using Ser.Stages;

namespace Ser.Server.Commands;

/// <summary>
/// The commands `scheduler` and `dashboard`: long-running services without libtorch.
/// SIGTERM shuts each down in an orderly way within 20 s, with exit code 0.
/// </summary>
internal static class ServerCommands
{
    internal static Option<string?> Config { get; } = new("--config")
    {
        Description = "Configuration file. Default: appsettings.json of the working folder, if there is one.",
        HelpName = "FILE",
    };

    internal static Option<string?> Listen { get; } = new("--listen")
    {
        Description = "Addresses to listen on, separated by commas. Default: http://127.0.0.1:5090.",
        HelpName = "URL",
    };

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
            Read(parsed, "Scheduler:Listen", Listen),
            CommandLine.DataFolder(parsed),
            "ser scheduler",
            createWorker: null,
            parsed.GetValue(migrate),
            Interrupts.From(parsed)));
        return command;
    }

    /// <param name="machine">What this machine can compute with; called when the dashboard starts, since libtorch loads slowly.</param>
    internal static SerCommand Dashboard(Func<MachineCapabilities> machine)
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
            Read(parsed, "Dashboard:Listen", listen),
            CommandLine.InputFolder(parsed),
            SchedulerOptions.FindAddress(parsed),
            SchedulerOptions.FindToken(parsed),
            machine(),
            Interrupts.From(parsed)));
        return command;
    }

    private static IConfiguration Read(ParseResult parsed, string key, Option<string?> listen) =>
        HostConfiguration.Read(parsed.GetValue(Config), new Dictionary<string, string?> { [key] = parsed.GetValue(listen) });
}
