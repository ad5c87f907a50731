using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;
using Ser.Results.Bundles;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser import`: checks a bundle and keeps it beside the sweeps of a data folder.</summary>
internal static class ImportCommand
{
    internal static SerCommand Create()
    {
        var file = new Argument<string>("BUNDLE.zip") { Description = "A file that ser export wrote." };
        var name = new Option<string?>("--as") { Description = "Name of the sweep here. Default: as in the bundle.", HelpName = "NAME" };
        var command = new SerCommand(
            "import",
            "Check a bundle of ser export and keep it.",
            "ser import iemocap.zip --as iemocap-lab2",
            "Check a bundle of ser export and keep it in the data folder. Checked are every digest, every true class and speaker against "
            + "the list of utterances, that no neighbour is of a speaker excluded from the fold, and the tables, which are computed again "
            + "from the predictions and must have the recorded digest. Then ser results, report and export --tables show the sweep. "
            + "A bundle that fails a check changes nothing.")
        {
            file, name,
        };
        command.SetAction(parsed =>
        {
            string data = CommandLine.DataFolder(parsed);
            bool isNewFolder = !DataFolder.Exists(data);
            var (folder, findings) = new ImportedSweeps(data).Import(parsed.GetValue(file)!, parsed.GetValue(name));
            if (isNewFolder)
            {
                // Creates the database, so that the other commands accept the folder.
                DataFolder.OpenAsRunner(data, "ser import").Dispose();
            }

            var sweep = folder.Sweeps()[0];
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(new JsonObject
                {
                    ["sweep"] = sweep.Name,
                    ["folder"] = folder.Folder,
                    ["digest"] = findings.Results.Digest,
                    ["evaluations"] = findings.Evaluations,
                    ["files"] = folder.Bundle.Files.Count,
                    ["version"] = folder.Bundle.Version,
                    ["revised"] = new JsonArray([.. findings.Revised.Select(stage => (JsonNode)stage)]),
                });
            }
            else
            {
                Output.WriteText(string.Join(Environment.NewLine, Lines(sweep.Name, folder, findings)));
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static IEnumerable<string> Lines(string name, BundleFolder folder, BundleFindings findings)
    {
        yield return $"imported {name}: {folder.Bundle.Files.Count} files, every digest correct";
        yield return $"tables computed again from {findings.Evaluations} evaluations: the same as recorded, "
            + $"digest {findings.Results.Digest}";
        if (findings.Revised.Count > 0)
        {
            string stages = string.Join(", ", findings.Revised);
            yield return $"{stages}: this version computes different numbers, so ser reproduce cannot confirm the recorded ones";
        }

        yield return $"inspect it with: ser results {name}, ser report {name}. "
            + $"To check that the predictions come from the method, run one fold again: ser reproduce {name} --corpus KIND:PATH --fold N";
    }
}
