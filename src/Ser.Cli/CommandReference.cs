using System.CommandLine;
using System.Text;
using Ser.Server;

namespace Ser.Cli;

/// <summary>Writes docs/cli.md from the commands themselves.</summary>
internal static class CommandReference
{
    private const int ProseWidth = 120;
    private const string TableHead = "| | |\n| --- | --- |\n";

    internal static string Write(SerRootCommand root)
    {
        var text = new StringBuilder("# The command line\n\n");
        text.Append("Generated from the commands with `./ser reference > docs/cli.md`; a test compares the two.\n\n");
        Paragraph.Append(text, root.Description ?? "", "", ProseWidth);
        text.Append("\nEvery command takes:\n\n").Append(TableHead);
        AppendOptions(text, root.Options.Where(option => option is { Recursive: true, Hidden: false }));
        foreach (var group in root.Groups)
        {
            text.Append($"\n## {group.Heading}\n");
            foreach (var command in group.Commands)
            {
                AppendCommand(text, command, "ser");
            }
        }

        return text.ToString();
    }

    // A command that has subcommands and an action of its own (`ser worker`) is described before them.
    private static void AppendCommand(StringBuilder text, Command command, string parentPath)
    {
        string path = $"{parentPath} {command.Name}";
        var inner = CommandSyntax.VisibleCommands(command);
        if (inner.Count == 0 || command.Action is not null)
        {
            text.Append($"\n### {path}\n\n    {CommandSyntax.Usage(path, command)}\n\n");
            Paragraph.Append(text, command.Description ?? "", "", ProseWidth);
            AppendExample(text, command);
            AppendParameters(text, command);
        }

        foreach (var child in inner)
        {
            AppendCommand(text, child, path);
        }
    }

    private static void AppendExample(StringBuilder text, Command command)
    {
        if (command is SerCommand { Example: var example })
        {
            text.Append($"\nExample: `{example}`\n");
        }
    }

    private static void AppendParameters(StringBuilder text, Command command)
    {
        var arguments = CommandSyntax.VisibleArguments(command);
        var options = CommandSyntax.VisibleOptions(command);
        if (arguments.Count + options.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(TableHead);
        text.AppendJoin("", arguments.Select(argument => Row(argument.Name, argument.Description)));
        AppendOptions(text, options);
    }

    private static void AppendOptions(StringBuilder text, IEnumerable<Option> options) =>
        text.AppendJoin("", options.Select(option => Row(CommandSyntax.Signature(option), option.Description)));

    private static string Row(string name, string? description) => $"| `{Escape(name)}` | {Escape(description)} |\n";

    private static string? Escape(string? text) => text?.Replace("|", "\\|");
}
