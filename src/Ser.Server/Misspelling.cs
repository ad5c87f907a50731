using System.CommandLine;
using System.CommandLine.Parsing;
using Ser.Domain;

namespace Ser.Server;

/// <summary>Finds a command or an option that does not exist on a command line, and what the user probably meant.</summary>
internal static class Misspelling
{
    private const int FewEdits = 2;

    /// <summary>The message, or null where every command and option exists.</summary>
    internal static string? Find(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        string path = CommandSyntax.Path(result);
        if (UnknownOption(parsed) is { } option)
        {
            return Message($"unknown option {option} for {path}", option, OptionNames(result), path);
        }

        if (WordBeforeCommand(parsed) is { } misplaced)
        {
            return UnknownCommand(misplaced.Parent, misplaced.Word);
        }

        bool hasCommands = CommandSyntax.VisibleCommands(result.Command).Count > 0;
        return hasCommands && parsed.UnmatchedTokens is [var word, ..] ? UnknownCommand(result, word) : null;
    }

    private static string UnknownCommand(CommandResult parent, string word)
    {
        var commands = CommandSyntax.VisibleCommands(parent.Command);
        var names = commands.SelectMany(command => command.Aliases.Prepend(command.Name));
        string path = CommandSyntax.Path(parent);
        return Message($"unknown command '{path} {word}'", word, names, path);
    }

    // In `ser resluts demo` the parser takes the sweep's name for the command, and leaves the misspelt command before it unmatched.
    private static (CommandResult Parent, string Word)? WordBeforeCommand(ParseResult parsed)
    {
        CommandResult[] commands = [.. CommandsFromRoot(parsed.CommandResult)];
        int depth = 0;
        foreach (var token in parsed.Tokens)
        {
            bool isLastCommand = depth == commands.Length - 1;
            if (isLastCommand)
            {
                return null;
            }

            if (token.Type == TokenType.Command)
            {
                depth++;
            }
            else if (parsed.UnmatchedTokens.Contains(token.Value))
            {
                return (commands[depth], token.Value);
            }
        }

        return null;
    }

    private static IEnumerable<CommandResult> CommandsFromRoot(CommandResult result) => result.Parent is CommandResult parent
        ? CommandsFromRoot(parent).Append(result)
        : [result];

    // An unknown option can also end up as the value of an argument: `ser results --frmat` asks for a sweep of that name.
    private static string? UnknownOption(ParseResult parsed)
    {
        bool hasSeparator = parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash);
        var argumentValues = hasSeparator
            ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        string? unknown = argumentValues.Concat(parsed.UnmatchedTokens).FirstOrDefault(IsLongOption);
        return unknown?.Split('=', ':')[0];
    }

    private static bool IsLongOption(string token) => token.Length > 2 && token.StartsWith("--", StringComparison.Ordinal);

    // The options of the command, and those of the commands above it that apply to all below.
    private static IEnumerable<string> OptionNames(CommandResult result)
    {
        var own = CommandSyntax.VisibleOptions(result.Command).Select(option => option.Name);
        return own.Concat(InheritedOptionNames(result.Parent as CommandResult));
    }

    private static IEnumerable<string> InheritedOptionNames(CommandResult? result) => result is null
        ? []
        : CommandSyntax.VisibleOptions(result.Command).Where(option => option.Recursive).Select(option => option.Name)
            .Concat(InheritedOptionNames(result.Parent as CommandResult));

    private static string Message(string problem, string typed, IEnumerable<string> candidates, string path)
    {
        string? nearest = Spelling.Nearest(typed, candidates);
        bool isNear = nearest is not null && IsNear(typed, nearest);
        return isNear ? $"{problem}; did you mean {nearest}?" : $"{problem}; {path} --help lists what there is";
    }

    private static bool IsNear(string typed, string candidate)
    {
        string word = typed.TrimStart('-');
        int distance = Spelling.Distance(word, candidate.TrimStart('-'));
        return (distance <= FewEdits && distance < word.Length) || distance <= word.Length / 3;
    }
}
