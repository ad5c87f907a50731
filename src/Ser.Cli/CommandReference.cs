using System.CommandLine;
using System.Text;

namespace Ser.Cli;

/// <summary>Every command as Markdown, from what the commands say of themselves.</summary>
internal static class CommandReference
{
    internal static string Write(RootCommand root)
    {
        var text = new StringBuilder("# The command line\n\nWritten by `./ser reference > docs/cli.md` from the commands; a test compares the two.\n\n");
        text.Append(root.Description).Append("\n\nEvery command takes:\n\n");
        Options(text, root.Options.Where(option => option.Recursive));
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            Command(text, command, "ser");
        }

        return text.ToString();
    }

    private static void Command(StringBuilder text, Command command, string above)
    {
        string name = $"{above} {command.Name}";
        var shown = command.Subcommands.Where(inner => !inner.Hidden).ToList();
        if (shown.Count == 0)
        {
            text.Append($"\n## {name}\n\n    {Usage(name, command)}\n\n{command.Description}\n");
            if (command.Arguments.Count + command.Options.Count > 0)
            {
                text.Append('\n').AppendJoin("", command.Arguments.Where(argument => !argument.Hidden).Select(argument => Row(argument.Name, argument.Description)).Prepend("| | |\n| --- | --- |\n"));
                text.AppendJoin("", command.Options.Where(option => !option.Hidden).Select(Row));
            }
        }

        foreach (var inner in shown)
        {
            Command(text, inner, name);
        }
    }

    private static string Usage(string name, Command command) => string.Join(' ',
    [
        name,
        .. command.Arguments.Where(argument => !argument.Hidden).Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "")),
        .. command.Options.Where(option => option is { Required: true, Hidden: false }).Select(Signature),
        .. command.Options.Any(option => option is { Required: false, Hidden: false }) ? ["[options]"] : (string[])[],
    ]);

    private static void Options(StringBuilder text, IEnumerable<Option> options) =>
        text.Append("| | |\n| --- | --- |\n").AppendJoin("", options.Where(option => !option.Hidden).Select(Row));

    private static string Row(Option option) => Row(Signature(option), option.Description);

    private static string Row(string what, string? description) => $"| `{what.Replace("|", "\\|")}` | {description?.Replace("|", "\\|")} |\n";

    private static string Signature(Option option) =>
        option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? option.Name : $"{option.Name} {option.HelpName ?? (option.ValueType == typeof(string) ? "TEXT" : "N")}";
}
