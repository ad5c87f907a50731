using Ser.Cli.Commands;
using Ser.Runners;
using Ser.Server;
using Ser.Server.Commands;

namespace Ser.Cli;

/// <summary>The program ser: every command, in groups.</summary>
internal static class SerProgram
{
    private const string Description = "ser: speech emotion recognition experiments as jobs that resume after crashes. "
        + "Exit codes: 0 done, 1 the work failed, 2 invalid command or input file, 130 interrupted.";

    /// <summary>Every command with its options.</summary>
    internal static SerRootCommand CreateRoot()
    {
        CommandGroup[] groups =
        [
            new("Run", [
                DemoCommand.Create(),
                PlanCommand.Create(),
                RunCommand.Create(),
                SubmitCommand.Create(),
                ResumeCommand.Create(),
                RetryCommand.Create(),
                CancelCommand.Create(),
                PredictCommand.Create(),
            ]),
            new("Inspect", [StatusCommand.Create(), WatchCommand.Create(), CorpusCommand.Create(), WeightsCommand.Create()]),
            new("Compare and report", [
                ResultsCommand.Create(),
                ReportCommand.Create(),
                ReproduceCommand.Create(),
                ExportCommand.Create(),
                ImportCommand.Create(),
            ]),
            new("Farm", [
                HostCommands.Up(),
                ServerCommands.Scheduler(),
                HostCommands.Worker(),
                ServerCommands.Dashboard(() => Machine.Capabilities),
                SchedulesCommand.Create(),
                TokenCommand.Create(),
            ]),
            new("Machine", [DoctorCommand.Create(), BenchCommand.Create(), UpkeepCommand.Create()]),
        ];
        var root = new SerRootCommand(Description, groups)
        {
            CommandLine.Data, CommandLine.Json, SchedulerOptions.Server, SchedulerOptions.TokenPath, ReferenceCommand.Create(),
        };
        CommandHelp.Install(root);
        return root;
    }
}
