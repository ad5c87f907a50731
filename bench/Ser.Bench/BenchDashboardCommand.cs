using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Bench.Dashboard;
using Ser.Cli;
using Ser.Stages;
using Ser.Storage.Data;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Bench;

/// <summary>`ser bench dashboard`: a dashboard of its own over a large made-up store that moves.</summary>
internal static class BenchDashboardCommand
{
    private static readonly Option<int> Sweeps = Number("--sweeps", "Sweeps.", 100, 1, 100_000);
    private static readonly Option<int> Jobs = Number("--jobs", "Their jobs, three for each fold.", 10_000, 9, 10_000_000);
    private static readonly Option<int> Points = Number("--points", "Points of their learning curves.", 1_000_000, 0, 1_000_000_000);
    private static readonly Option<int> Folds = Number("--folds", "Arms × folds of one sweep beside them.", 1_000, 10, 100_000);
    private static readonly Option<int> Viewers = Number("--viewers", "Viewers at once.", 20, 1, 1_000);
    private static readonly Option<double> Minutes = new("--minutes") { Description = "How long they watch.", DefaultValueFactory = _ => 0.5 };
    private static readonly Option<string?> Folder = new("--folder") { Description = "Keep the store in this folder, or measure on the one that it has; `ser dashboard --data` opens it. Otherwise it is made in the system's temporary folder and goes.", HelpName = "DIR" };
    private static readonly Option<string?> Postgres = new("--postgres") { Description = "Connection string of a PostgreSQL server whose user may create databases: measures the reads of the store there, without pages." };

    internal static Command Create()
    {
        var command = new Command("dashboard", "A dashboard over a store of many made-up sweeps: pages, bytes, live traffic, and many viewers at once.") { Sweeps, Jobs, Points, Folds, Viewers, Minutes, Folder, Postgres };
        command.SetAction(async (parsed, stop) =>
        {
            var size = new LargeStore(parsed.GetValue(Sweeps), parsed.GetValue(Jobs), parsed.GetValue(Points), parsed.GetValue(Folds));
            string? kept = parsed.GetValue(Folder);
            string folder = kept ?? Directory.CreateTempSubdirectory("ser-bench-").FullName;
            try
            {
                object figures = parsed.GetValue(Postgres) is { } server ? OnPostgres(server, size, folder) : await OnFolderAsync(size, folder, parsed.GetValue(Viewers), TimeSpan.FromMinutes(parsed.GetValue(Minutes)), stop);
                BenchCommand.Print(parsed, JsonSerializer.SerializeToNode(figures, figures.GetType(), SpecJson.Options)!.AsObject());
            }
            finally
            {
                if (kept is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<DashboardFigures> OnFolderAsync(LargeStore size, string folder, int viewers, TimeSpan watch, CancellationToken stop)
    {
        bool filled = DataFolder.Exists(folder);
        using var data = DataFolder.OpenAsRunner(folder, "ser bench dashboard", new LeaseSettings(Length: 36_000));
        if (filled)
        {
            Output.Say($"{folder} has a store: it is measured as it is, whatever sizes are given");
        }
        else
        {
            size.Fill(data.Jobs, data.Artifacts, data.Work, Output.Say);
        }

        using var bench = await DashboardBench.StartAsync(data, size, Dashboard(data.Folder), Output.Say);
        return await bench.RunAsync(viewers, watch, stop);
    }

    private static ReadFigures OnPostgres(string server, LargeStore size, string folder)
    {
        using var data = DataFolder.OpenAsRunner(folder, "ser bench dashboard");
        using var database = new BenchDatabase(server);
        var store = PostgresJobs.Open(database.ConnectionString, new LeaseSettings(Length: 36_000));
        size.Fill(store.Jobs, data.Artifacts, data.Work, Output.Say);
        return ReadFigures.Of(store.Reads);
    }

    private static ProcessStartInfo Dashboard(string folder)
    {
        string program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return new ProcessStartInfo(program, [.. self, "dashboard", "--data", folder, "--listen", "http://127.0.0.1:0"]);
    }

    private static Option<int> Number(string name, string what, int otherwise, int least, int most)
    {
        var option = new Option<int>(name) { Description = what, DefaultValueFactory = _ => otherwise };
        CommandLine.Bound(option, least, most);
        return option;
    }
}
