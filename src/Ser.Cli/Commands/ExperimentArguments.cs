using System.CommandLine;
using Ser.Domain.Experiments;
using Ser.Server;
using Ser.Storage.Experiments;

namespace Ser.Cli.Commands;

/// <summary>The experiment file and the keys that the command line changes.</summary>
internal sealed class ExperimentArguments
{
    private readonly Argument<string> _file = new("EXPERIMENT.yaml")
    {
        Description = "Experiment file: differences from experiments/defaults.yaml.",
    };
    private readonly Option<string[]> _sets = new("--set")
    {
        Description = "Change a key: --set corpus=emodb:PATH --set grid.lambda=[0,0.3]. May be repeated.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    internal ExperimentArguments(Command command)
    {
        command.Add(_file);
        command.Add(_sets);
    }

    internal Experiment Read(ParseResult parsed) => ExperimentFile.Read(parsed.GetValue(_file)!, parsed.GetValue(_sets)!);
}
