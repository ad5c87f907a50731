using System.CommandLine;
using Ser.Domain;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser bench`: lists the benchmarks in the help. The launcher of a checkout runs them from the project bench/Ser.Bench.</summary>
internal static class BenchCommand
{
    internal static SerCommand Create()
    {
        var command = new SerCommand(
            "bench",
            "Measure this machine (in a checkout: ./ser bench).",
            "./ser bench learning",
            "Measure training, retrieval, the farm or the dashboard on this machine. The benchmarks are not part of an installed "
            + "program: run ./ser bench in a checkout of the repository.");
        command.SetAction(RefuseInstalled);
        return command;
    }

    private static int RefuseInstalled(ParseResult parsed) =>
        throw new InputException("the benchmarks are run from a checkout of the repository: ./ser bench --help");
}
