using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;

namespace Ser.Server;

/// <summary>
/// Prints `ser --help` (the commands in groups, one line each) and `ser COMMAND --help` (example, usage, description, options).
/// </summary>
internal sealed class CommandHelp : SynchronousCommandLineAction
{
    private const int NarrowestPage = 60;
    private const int WidestPage = 100;
    private const int WidestName = 24;
    private const string Indent = "  ";

    public override bool ClearsParseErrors => true;

    /// <summary>Replaces the help of System.CommandLine.</summary>
    internal static void Install(RootCommand root) => root.Options.OfType<HelpOption>().Single().Action = new CommandHelp();

    public override int Invoke(ParseResult parseResult)
    {
        var result = parseResult.CommandResult;
        var root = (SerRootCommand)parseResult.RootCommandResult.Command;
        string text = result.Command == root ? ProgramHelp(root) : OneCommandHelp(CommandSyntax.Path(result), result.Command, root);
        Output.WriteText(text);
        return CommandLine.Done;
    }

    private static string ProgramHelp(SerRootCommand root)
    {
        var text = new StringBuilder();
        AppendWrapped(text, root.Description, "");
        text.AppendLine().AppendLine($"Usage: {root.Program} COMMAND [options]");
        int nameWidth = root.Groups.SelectMany(group => group.Commands).Max(command => command.Name.Length);
        foreach (var group in root.Groups)
        {
            text.AppendLine().AppendLine(group.Heading);
            foreach (var command in group.Commands)
            {
                text.AppendLine($"{Indent}{command.Name.PadRight(nameWidth)}  {command.Summary}");
            }
        }

        AppendOptions(text, "Options of every command", root.Options.Where(option => option is { Recursive: true, Hidden: false }));
        text.AppendLine().AppendLine($"{root.Program} COMMAND --help explains a command and begins with an example.");
        return text.ToString();
    }

    private static string OneCommandHelp(string path, Command command, RootCommand root)
    {
        var text = new StringBuilder();
        if (command is SerCommand { Example: var example })
        {
            text.AppendLine($"Example: {example}").AppendLine();
        }

        var inner = CommandSyntax.VisibleCommands(command);
        if (command.Action is not null)
        {
            text.AppendLine($"Usage: {CommandSyntax.Usage(path, command)}");
        }

        if (inner.Count > 0)
        {
            text.AppendLine($"Usage: {path} COMMAND [options]");
        }

        text.AppendLine();
        AppendWrapped(text, command.Description, "");
        AppendRows(text, "Commands", [.. inner.OfType<SerCommand>().Select(child => new HelpRow(child.Name, child.Summary))]);
        var arguments = CommandSyntax.VisibleArguments(command).Select(argument => new HelpRow(argument.Name, argument.Description));
        AppendRows(text, "Arguments", [.. arguments]);
        AppendOptions(text, "Options", CommandSyntax.VisibleOptions(command));
        AppendOptions(text, "Options of every command", root.Options.Where(option => option is { Recursive: true, Hidden: false }));
        return text.ToString();
    }

    private static void AppendOptions(StringBuilder text, string heading, IEnumerable<Option> options) =>
        AppendRows(text, heading, [.. options.Select(option => new HelpRow(CommandSyntax.Signature(option), option.Description))]);

    private static void AppendRows(StringBuilder text, string heading, IReadOnlyList<HelpRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine(heading);
        int nameWidth = Math.Min(WidestName, rows.Max(row => row.Name.Length));
        string hanging = new(' ', Indent.Length + nameWidth + 2);
        foreach (var row in rows)
        {
            text.Append(Indent).Append(row.Name.PadRight(nameWidth));
            if (row.Name.Length > nameWidth)
            {
                text.AppendLine().Append(hanging[2..]);
            }

            text.Append(Indent);
            AppendWrapped(text, row.Description, hanging);
        }
    }

    private static void AppendWrapped(StringBuilder text, string? paragraph, string hanging) =>
        Paragraph.Append(text, paragraph ?? "", hanging, PageWidth());

    private static int PageWidth() => Console.IsOutputRedirected ? WidestPage : Math.Clamp(Console.WindowWidth, NarrowestPage, WidestPage);

    private sealed record HelpRow(string Name, string? Description);
}
