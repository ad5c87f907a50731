using System.CommandLine;
using System.Text.Json.Nodes;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Domain;
using Ser.Reporting.Notebooks;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Server;

namespace Ser.Cli.Commands;

/// <summary>`ser export`: a sweep as one file to check elsewhere, or its predictions and neighbours as tables for notebooks.</summary>
internal static class ExportCommand
{
    internal static SerCommand Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var file = new Argument<string?>("BUNDLE.zip")
        {
            Description = "File to write. Default: SWEEP.zip.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var weights = new Option<bool>("--weights")
        {
            Description = "Add the models and datastores, which are large; only ser predict needs them.",
        };
        var tables = new Option<string?>("--tables")
        {
            Description = "Write predictions and neighbours into this folder as CSV and Parquet, in place of a bundle.",
            HelpName = "DIR",
        };
        var command = new SerCommand(
            "export",
            "Write a sweep as one zip file to check elsewhere.",
            "ser export iemocap iemocap.zip",
            "Write a sweep as one zip file: experiment, plan, results, predictions, neighbours, learning curves, report, environment, "
            + "and a digest of everything. ser import checks it elsewhere and computes every table again from the predictions, "
            + "without the corpus. Recordings and checkpoints are left out.")
        {
            sweep, file, weights, tables,
        };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            if (parsed.GetValue(tables) is { } folder)
            {
                bool isTablesOnly = parsed.GetValue(file) is null && !parsed.GetValue(weights);
                return isTablesOnly
                    ? await WriteTablesAsync(parsed, name, folder, stop)
                    : throw new InputException("--tables writes tables in place of a bundle: leave out BUNDLE.zip and --weights");
            }

            string path = Path.GetFullPath(parsed.GetValue(file) ?? $"{name}.zip");
            await WriteBundleAsync(parsed, name, path, parsed.GetValue(weights), stop);
            PrintFiles(parsed, name, [path]);
            return CommandLine.Done;
        });
        return command;
    }

    private static async Task WriteBundleAsync(ParseResult parsed, string name, string path, bool weights, CancellationToken stop)
    {
        using var server = SchedulerOptions.Connect(parsed);
        if (server is not null)
        {
            await server.DownloadAsync(SweepSourceFromCommandLine.BundlePath(name, weights), path, stop);
            return;
        }

        using var source = await SweepSourceFromCommandLine.OpenAsync(parsed, name, stop);
        BundleWriter.Write(source.Reads, source.Artifacts, name, path, weights);
    }

    private static async Task<int> WriteTablesAsync(ParseResult parsed, string name, string folder, CancellationToken stop)
    {
        using var source = await SweepSourceFromCommandLine.OpenAsync(parsed, name, stop);
        var stored = StoredSweep.Read(source.Reads, source.Artifacts, name);
        PrintFiles(parsed, name, NotebookFiles.Write(folder, StoredResults.ReadInput(source.Artifacts, stored), stored.Corpus));
        return CommandLine.Done;
    }

    private static void PrintFiles(ParseResult parsed, string name, IReadOnlyList<string> files)
    {
        if (parsed.GetValue(CommandLine.Json))
        {
            Output.WriteJson(new JsonObject { ["sweep"] = name, ["files"] = new JsonArray([.. files.Select(file => (JsonNode)file)]) });
        }
        else
        {
            Output.WriteText($"wrote {string.Join(", ", files.Select(file => $"{file} ({new FileInfo(file).Length / 1e6:0.0} MB)"))}");
        }
    }
}
