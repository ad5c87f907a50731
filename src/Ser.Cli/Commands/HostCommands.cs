using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Cli.Hosts;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Domain.Workers;

namespace Ser.Cli.Commands;

/// <summary>`ser up`, `ser scheduler`, `ser worker` and `ser dashboard`: processes that stay. SIGTERM ends each in good order within 20 s, with exit code 0.</summary>
internal static class HostCommands
{
    internal static Option<string?> Config { get; } = new("--config") { Description = "Configuration file. Default: appsettings.json of the working folder, if there is one.", HelpName = "FILE" };

    private static readonly Option<string?> Listen = new("--listen") { Description = "Addresses to listen on, with commas between. Default: http://127.0.0.1:5090.", HelpName = "URL" };
    private static readonly Option<string?> Name = new("--name") { Description = "Name of the worker, unique among those that are alive. Default: the machine's.", HelpName = "NAME" };
    private static readonly Option<int?> Slots = RunCommand.Slots();

    internal static Command Up()
    {
        var dashboard = new Option<string?>("--dashboard") { Description = "Address of the dashboard, or none. Default: http://localhost:5080.", HelpName = "URL" };
        var command = new Command("up", "Scheduler with its API, a worker and the dashboard, in one process on a data folder.") { Config, Listen, dashboard, Name, Slots };
        command.SetAction((parsed, interrupt) => SchedulerHost.RunAsync(Read(parsed, Listen, Name, dashboard), CommandLine.DataFolder(parsed), "ser up", withWorker: true, migrate: false, interrupt));
        return command;
    }

    internal static Command Scheduler()
    {
        var migrate = new Option<bool>("--migrate") { Description = "Bring a database of an older version to this version's schema first; an empty one is made ready without it." };
        var command = new Command("scheduler", "The scheduler with its API. It runs no jobs and needs no libtorch.") { Config, Listen, migrate };
        command.SetAction((parsed, interrupt) => SchedulerHost.RunAsync(Read(parsed, Listen, null), CommandLine.DataFolder(parsed), "ser scheduler", withWorker: false, parsed.GetValue(migrate), interrupt));
        return command;
    }

    internal static Command Worker()
    {
        var untilIdle = new Option<bool>("--until-idle") { Description = "End when there has been nothing to do for Worker:IdleAfter (10s)." };
        var maxTime = new Option<string?>("--max-time") { Description = "End after so long, with checkpoints: 90m, 4h. Suits Slurm and other queues.", HelpName = "TIME" };
        var labels = new Option<string?>("--labels") { Description = "What to say of this worker, with commas between.", HelpName = "LABELS" };
        var command = new Command("worker", "Run jobs until stopped.") { Config, Name, Slots, untilIdle, maxTime, labels, Drain(), Release() };
        command.SetAction((parsed, interrupt) =>
        {
            var settings = Settings(parsed, null, Name);
            settings["Worker:MaxTime"] = parsed.GetValue(maxTime);
            settings["Worker:Labels"] = parsed.GetValue(labels);
            return WorkerHost.RunAsync(HostConfiguration.Read(parsed.GetValue(Config), settings), CommandLine.DataFolder(parsed), parsed.GetValue(untilIdle), interrupt);
        });
        return command;
    }

    internal static Command Dashboard()
    {
        var listen = new Option<string?>("--listen") { Description = "Address to listen on. Default: http://localhost:5080.", HelpName = "URL" };
        var command = new Command("dashboard", "The dashboard of a farm (or, to look only, of a data folder). It acts through the scheduler that --server names.") { Config, listen };
        command.SetAction((parsed, interrupt) => DashboardProcess.RunAsync(Read(parsed, null, null, listen), CommandLine.FolderOfInputs(parsed), Target.AddressOf(parsed), Target.TokenOf(parsed), interrupt));
        return command;
    }

    private static Command Drain()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the worker." };
        var handBack = new Option<bool>("--hand-back") { Description = "Hand back what it runs, with a checkpoint, in place of finishing it." };
        var command = new Command("drain", "Have a worker take no more jobs and end when it has finished what it has.") { name, handBack };
        command.SetAction(async (parsed, stop) =>
        {
            using var server = Target.Required(parsed);
            var worker = await server.PostAsync<WorkerInfo>(
                $"api/workers/{Uri.EscapeDataString(parsed.GetValue(name)!)}/drain?handBack={(parsed.GetValue(handBack) ? "true" : "false")}", stop);
            Output.Say($"{worker.Name} takes no more jobs; it runs {worker.Running.Count}");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(JsonSerializer.SerializeToNode(worker, ApiJson.Options) as JsonObject ?? []);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static Command Release()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the worker." };
        var command = new Command("release", "Have a worker that is in quarantine, since everything failed on it, work again.") { name };
        command.SetAction(async (parsed, stop) =>
        {
            using var server = Target.Required(parsed);
            var worker = await server.PostAsync<WorkerInfo>($"api/workers/{Uri.EscapeDataString(parsed.GetValue(name)!)}/release", stop);
            Output.Say($"{worker.Name} takes jobs again");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(JsonSerializer.SerializeToNode(worker, ApiJson.Options) as JsonObject ?? []);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static Microsoft.Extensions.Configuration.IConfiguration Read(ParseResult parsed, Option<string?>? listen, Option<string?>? name, Option<string?>? dashboard = null)
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
