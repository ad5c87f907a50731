using System.CommandLine;

namespace Ser.Server;

/// <summary>A command with the texts that its help and docs/cli.md print.</summary>
/// <param name="name">What the user types.</param>
/// <param name="summary">One short line for the list of commands.</param>
/// <param name="example">A complete command line that a user could type; its help begins with it.</param>
/// <param name="description">What the command does, in whole sentences.</param>
internal sealed class SerCommand(string name, string summary, string example, string description) : Command(name, description)
{
    internal string Summary { get; } = summary;

    internal string Example { get; } = example;
}

/// <summary>Commands that `ser --help` lists under one heading.</summary>
internal sealed record CommandGroup(string Heading, IReadOnlyList<SerCommand> Commands);

/// <summary>The program itself, with its commands in groups.</summary>
internal sealed class SerRootCommand : RootCommand
{
    internal SerRootCommand(string description, IReadOnlyList<CommandGroup> groups, string program = "ser")
        : base(description)
    {
        Groups = groups;
        Program = program;
        foreach (var command in groups.SelectMany(group => group.Commands))
        {
            Add(command);
        }
    }

    internal IReadOnlyList<CommandGroup> Groups { get; }

    /// <summary>What the user types to run the program.</summary>
    internal string Program { get; }
}
