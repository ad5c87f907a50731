using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ser.Server;

/// <summary>How commands, arguments and options are written in help and documentation.</summary>
internal static class CommandSyntax
{
    /// <summary>One line such as `ser predict FILE… --sweep SWEEP [options]`.</summary>
    /// <param name="path">The command with everything before it: `ser worker drain`.</param>
    /// <param name="command">The command.</param>
    internal static string Usage(string path, Command command)
    {
        var options = VisibleOptions(command);
        var parts = new List<string> { path };
        parts.AddRange(VisibleArguments(command).Select(Signature));
        parts.AddRange(options.Where(option => option.Required).Select(Signature));
        if (options.Any(option => !option.Required))
        {
            parts.Add("[options]");
        }

        return string.Join(' ', parts);
    }

    /// <summary>An option with the name of its value: `--slots N`.</summary>
    internal static string Signature(Option option)
    {
        bool isSwitch = option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;
        string value = option.HelpName ?? (option.ValueType == typeof(string) ? "TEXT" : "N");
        return isSwitch ? option.Name : $"{option.Name} {value}";
    }

    internal static IReadOnlyList<Argument> VisibleArguments(Command command) => [.. command.Arguments.Where(argument => !argument.Hidden)];

    internal static IReadOnlyList<Option> VisibleOptions(Command command) => [.. command.Options.Where(option => !option.Hidden)];

    internal static IReadOnlyList<Command> VisibleCommands(Command command) => [.. command.Subcommands.Where(inner => !inner.Hidden)];

    /// <summary>The command with everything before it: `ser worker drain`.</summary>
    internal static string Path(CommandResult result)
    {
        string name = result.Command is SerRootCommand { Program: var program } ? program : result.Command.Name;
        return result.Parent is CommandResult parent ? $"{Path(parent)} {name}" : name;
    }

    private static string Signature(Argument argument)
    {
        string several = argument.Arity.MaximumNumberOfValues > 1 ? "…" : "";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name + several;
    }
}
