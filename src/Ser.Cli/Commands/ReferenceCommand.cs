using System.CommandLine;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser reference`, hidden: prints docs/cli.md; a test compares the two.</summary>
internal static class ReferenceCommand
{
    internal static Command Create()
    {
        var command = new Command("reference", "Print docs/cli.md.") { Hidden = true };
        command.SetAction(_ => Output.WriteText(CommandReference.Write(SerProgram.CreateRoot())));
        return command;
    }
}
