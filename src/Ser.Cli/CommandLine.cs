using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using Ser.Bench;
using Ser.Cli.Commands;
using Ser.Cli.Hosts;
using Ser.Cli.Remote;
using Ser.Cli.Sweeps;
using Ser.Domain;
using Ser.Worker;

namespace Ser.Cli;

/// <summary>The commands, the options that all of them take, and what exit codes mean.</summary>
internal static class CommandLine
{
    internal const int Done = 0;
    internal const int WorkFailed = 1;
    internal const int WrongInput = 2;
    internal const int Interrupted = 130;

    internal static Option<string?> Data { get; } = new("--data")
    {
        Description = "Data folder: jobs, artifacts, checkpoints. Default: SER_DATA, or ./ser-data.",
        HelpName = "DIR",
        Recursive = true,
    };

    internal static Option<bool> Json { get; } = new("--json")
    {
        Description = "Exactly one JSON document on standard output, everything else on standard error.",
        Recursive = true,
    };

    /// <summary>Every command with its options.</summary>
    internal static RootCommand Root() => new("ser: speech emotion recognition experiments as jobs that survive. Exit codes: 0 done, 1 the work failed, 2 the command or a file it names is wrong, 130 interrupted.")
    {
        Data,
        Json,
        Target.Server,
        Target.TokenPath,
        DemoCommand.Create(),
        RunCommand.Create(),
        PlanCommand.Create(),
        SubmitCommand.Create(),
        StatusCommand.Create(),
        WatchCommand.Create(),
        ResultsCommand.Create(),
        ReportCommand.Create(),
        ResumeCommand.Create(),
        RetryCommand.Create(),
        CancelCommand.Create(),
        PredictCommand.Create(),
        ReproduceCommand.Create(),
        ExportCommand.Create(),
        ImportCommand.Create(),
        CorpusCommand.Create(),
        WeightsCommand.Create(),
        DoctorCommand.Create(),
        BenchCommand.Create(),
        HostCommands.Up(),
        HostCommands.Scheduler(),
        HostCommands.Worker(),
        HostCommands.Dashboard(),
        SchedulesCommand.Create(),
        UpkeepCommand.Create(),
        TokenCommand.Create(),
        ReferenceCommand.Create(),
    };

    internal static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"ser: {error.Message}");
            }

            await Console.Error.WriteLineAsync($"Try: {string.Join(' ', CommandPath(parsed.CommandResult))} --help");
            return WrongInput;
        }

        // A sweep stops at its next step with a checkpoint, labelling after what is done. Everything else, and a second signal, ends at once: nothing is written half.
        using var interrupt = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
        }
        catch (InputException wrong)
        {
            await Console.Error.WriteLineAsync($"ser: {wrong.Message}");
            return WrongInput;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (StalledException stalled)
        {
            await Console.Error.WriteLineAsync($"ser: {stalled.Message}; the process ends, since what hangs cannot be ended otherwise: start it again");
            return StalledException.ExitCode;
        }
        catch (Exception failed) when (failed is StorageException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"ser: {failed.Message}");
            return WorkFailed;
        }
        catch (Exception unexpected) when (Environment.GetEnvironmentVariable("SER_DEBUG") is null or "")
        {
            await Console.Error.WriteLineAsync($"ser: {unexpected.GetType().Name}: {unexpected.Message.Split('\n')[0]} (this should not happen; SER_DEBUG=1 shows where it did)");
            return WorkFailed;
        }

        void Stop(PosixSignalContext context)
        {
            if (!(EmbeddedHost.Runs || HostRun.Runs || PredictCommand.Runs) || interrupt.IsCancellationRequested)
            {
                Environment.Exit(Interrupted);
            }

            context.Cancel = true;
            interrupt.Cancel();
        }
    }

    private static IEnumerable<string> CommandPath(CommandResult command) =>
        [.. command.Parent is CommandResult parent ? CommandPath(parent) : [], command.Command is RootCommand ? "ser" : command.Command.Name];

    /// <summary>Refuses numbers out of range; what is no number is refused by the parser itself.</summary>
    internal static void Bound(Option option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && int.TryParse(text, CultureInfo.InvariantCulture, out int number) && (number < least || number > most))
        {
            result.AddError($"{option.Name} is {number}: it should be from {least} to {most}");
        }
    });

    /// <summary>The data folder of a command that works on one.</summary>
    /// <exception cref="InputException">A scheduler was given, which the command would leave out.</exception>
    internal static string DataFolder(ParseResult parsed) => parsed.GetValue(Target.Server) is null
        ? FolderOfInputs(parsed)
        : throw new InputException($"{string.Join(' ', CommandPath(parsed.CommandResult))} works on a data folder: leave out --server");

    /// <summary>The same where it holds no more than what a plan is made from.</summary>
    internal static string FolderOfInputs(ParseResult parsed)
    {
        string? folder = parsed.GetValue(Data) ?? Environment.GetEnvironmentVariable("SER_DATA");
        return Path.GetFullPath(string.IsNullOrWhiteSpace(folder) ? "ser-data" : folder);
    }
}
