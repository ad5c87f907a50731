using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;
using Ser.Results.Bundles;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser import`: checks a bundle and keeps it beside the sweeps of a data folder.</summary>
internal static class ImportCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("BUNDLE.zip") { Description = "What ser export wrote." };
        var name = new Option<string?>("--as") { Description = "Name of the sweep here. Default: as in the bundle.", HelpName = "NAME" };
        var command = new Command(
            "import",
            "Check a bundle of ser export and keep it in the data folder: every digest, every true class and speaker against the list of utterances, no neighbour among speakers that a fold must not know, "
            + "and the tables, which are computed from the predictions and must come to the recorded digest. Then ser results, report and export --tables show it. A bundle that is not sound changes nothing.")
        {
            file, name,
        };
        command.SetAction(parsed =>
        {
            string data = CommandLine.DataFolder(parsed);
            bool isNew = !DataFolder.Exists(data);
            var (folder, findings) = new Imports(data).Take(parsed.GetValue(file)!, parsed.GetValue(name));
            if (isNew)
            {
                DataFolder.OpenAsRunner(data, "ser import").Dispose();
            }

            var sweep = folder.Sweeps()[0];
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject
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
                Output.Text(Text(sweep.Name, folder, findings));
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static string Text(string name, BundleFolder folder, BundleFindings findings)
    {
        string revised = findings.Revised.Count == 0 ? "" : $"{Environment.NewLine}{string.Join(", ", findings.Revised)} computes other numbers in this version: ser reproduce would not find these again";
        return $"imported {name}: {folder.Bundle.Files.Count} files, every digest right{Environment.NewLine}"
            + $"tables made again from {findings.Evaluations} evaluations: the same as recorded, digest {findings.Results.Digest}{revised}{Environment.NewLine}"
            + $"look with: ser results {name}, ser report {name}. That the predictions are the method's own is what ser reproduce {name} --corpus KIND:PATH can check, fold by fold";
    }
}
