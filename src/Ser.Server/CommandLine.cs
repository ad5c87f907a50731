using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Server.Hosts;

namespace Ser.Server;

/// <summary>The options that all commands take, what exit codes mean, and how a command line is run.</summary>
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
        Description = "Print exactly one JSON document on standard output and everything else on standard error.",
        Recursive = true,
    };

    /// <summary>Runs a command line; failures become messages and exit codes.</summary>
    /// <param name="root">The program.</param>
    /// <param name="args">Its arguments.</param>
    internal static async Task<int> RunAsync(SerRootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (await ReportErrorsAsync(parsed))
        {
            return WrongInput;
        }

        using var interrupts = new Interrupts(() => Environment.Exit(Interrupted));
        try
        {
            var configuration = new Interrupts.Invocation(interrupts)
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, interrupts.Token);
        }
        catch (InputException wrong)
        {
            await WriteErrorAsync(wrong.Message);
            return WrongInput;
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (StalledException stalled)
        {
            await WriteErrorAsync($"{stalled.Message}; the process ends, since a call that hangs cannot be cancelled: start it again");
            return StalledException.ExitCode;
        }
        catch (Exception failed) when (failed is StorageException or IOException or UnauthorizedAccessException)
        {
            await WriteErrorAsync(failed.Message);
            return WorkFailed;
        }
        catch (Exception unexpected) when (Environment.GetEnvironmentVariable("SER_DEBUG") is null or "")
        {
            string firstLine = unexpected.Message.Split('\n')[0];
            await WriteErrorAsync($"{unexpected.GetType().Name}: {firstLine} (this is a bug in ser; SER_DEBUG=1 shows the stack trace)");
            return WorkFailed;
        }
    }

    private static async Task<bool> ReportErrorsAsync(ParseResult parsed)
    {
        if (Misspelling.Find(parsed) is { } misspelling)
        {
            await WriteErrorAsync(misspelling);
            return true;
        }

        if (parsed.Errors.Count == 0)
        {
            return false;
        }

        foreach (var error in parsed.Errors)
        {
            await WriteErrorAsync(WithoutTypeNames(error.Message));
        }

        await Console.Error.WriteLineAsync($"Try: {CommandSyntax.Path(parsed.CommandResult)} --help");
        return true;
    }

    // System.CommandLine ends such a message with "as expected type 'System.Nullable`1[System.Int32]'."; every such option is a number.
    private static string WithoutTypeNames(string message)
    {
        int typeName = message.IndexOf(" as expected type", StringComparison.Ordinal);
        return typeName < 0 ? message : $"{message[..typeName]}: it should be a number";
    }

    private static Task WriteErrorAsync(string message) => Console.Error.WriteLineAsync($"ser: {message}");

    /// <summary>Refuses numbers out of range; the parser itself refuses text that is not a number.</summary>
    internal static void SetRange(Option option, int least, int most) => option.Validators.Add(result =>
    {
        bool isNumber = int.TryParse(result.Tokens is [{ Value: var text }] ? text : null, CultureInfo.InvariantCulture, out int number);
        if (isNumber && (number < least || number > most))
        {
            result.AddError($"{option.Name} is {number}: it should be from {least} to {most}");
        }
    });

    /// <summary>The data folder of a command that cannot use a scheduler.</summary>
    /// <exception cref="InputException">A scheduler was given, which the command would ignore.</exception>
    internal static string DataFolder(ParseResult parsed) => parsed.GetValue(SchedulerOptions.Server) is null
        ? InputFolder(parsed)
        : throw new InputException($"{CommandSyntax.Path(parsed.CommandResult)} works on a data folder: leave out --server");

    /// <summary>The data folder of a command that may be given a scheduler too; such a command uses it only for inputs.</summary>
    internal static string InputFolder(ParseResult parsed)
    {
        string? folder = parsed.GetValue(Data) ?? Environment.GetEnvironmentVariable("SER_DATA");
        return Path.GetFullPath(string.IsNullOrWhiteSpace(folder) ? "ser-data" : folder);
    }
}
