using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Bench.Dashboard;
using Ser.Server;
using Ser.Stages;
using Ser.Storage.Data;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Bench;

/// <summary>`ser bench dashboard`: starts a dashboard over a large generated store whose jobs make progress, and measures it.</summary>
internal static class BenchDashboardCommand
{
    private const string LeaseHolder = "ser bench dashboard";

    private static readonly Option<int> Sweeps = Number("--sweeps", "Sweeps.", 100, 1, 100_000);
    private static readonly Option<int> Jobs = Number("--jobs", "Jobs of these sweeps, three for each fold.", 10_000, 9, 10_000_000);
    private static readonly Option<int> Points = Number("--points", "Points of their learning curves.", 1_000_000, 0, 1_000_000_000);
    private static readonly Option<int> Folds = Number("--folds", "Arms × folds of one more sweep.", 1_000, 10, 100_000);
    private static readonly Option<int> Viewers = Number("--viewers", "Viewers at the same time.", 20, 1, 1_000);
    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "How long they watch.",
        DefaultValueFactory = _ => 0.5,
    };
    private static readonly Option<string?> Folder = new("--folder")
    {
        Description = "Keep the store in this folder, or measure the store that it already has; `ser dashboard --data` opens it. "
            + "Default: a temporary folder that is deleted afterwards.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> Postgres = new("--postgres")
    {
        Description = "Connection string of a PostgreSQL server whose user may create databases: "
            + "measures the queries of the store there, without pages.",
    };

    internal static SerCommand Create()
    {
        var command = new SerCommand(
            "dashboard",
            "Measure the dashboard with many sweeps and viewers.",
            "ser bench dashboard --viewers 20 --minutes 1",
            "Measure a dashboard over a store of many generated sweeps: pages, bytes, live traffic, and many viewers at the same time.")
        {
            Sweeps, Jobs, Points, Folds, Viewers, Minutes, Folder, Postgres,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var size = new LargeStore(
                parsed.GetValue(Sweeps),
                parsed.GetValue(Jobs),
                parsed.GetValue(Points),
                parsed.GetValue(Folds));
            string? givenFolder = parsed.GetValue(Folder);
            string folder = givenFolder ?? Directory.CreateTempSubdirectory("ser-bench-").FullName;
            try
            {
                object figures = parsed.GetValue(Postgres) is { } server
                    ? OnPostgres(server, size, folder)
                    : await OnFolderAsync(size, folder, parsed.GetValue(Viewers), TimeSpan.FromMinutes(parsed.GetValue(Minutes)), stop);
                BenchCommand.Print(parsed, JsonSerializer.SerializeToNode(figures, figures.GetType(), SpecJson.Options)!.AsObject());
            }
            finally
            {
                if (givenFolder is null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<DashboardFigures> OnFolderAsync(
        LargeStore size,
        string folder,
        int viewers,
        TimeSpan watch,
        CancellationToken stop)
    {
        bool isFilled = DataFolder.Exists(folder);
        using var data = DataFolder.OpenAsRunner(folder, LeaseHolder, new LeaseSettings(Seconds: 36_000));
        if (isFilled)
        {
            Output.WriteMessage($"{folder} already has a store: it is measured as it is, and the sizes given are ignored");
        }
        else
        {
            size.Fill(data.Jobs, data.Artifacts, data.Work, Output.WriteMessage);
        }

        using var bench = await DashboardBench.StartAsync(data, size, DashboardCommand(data.Folder), Output.WriteMessage);
        return await bench.RunAsync(viewers, watch, stop);
    }

    private static ReadFigures OnPostgres(string server, LargeStore size, string folder)
    {
        using var data = DataFolder.OpenAsRunner(folder, LeaseHolder);
        using var database = new BenchDatabase(server);
        var store = PostgresJobs.Open(database.ConnectionString, new LeaseSettings(Seconds: 36_000));
        size.Fill(store.Jobs, data.Artifacts, data.Work, Output.WriteMessage);
        return ReadFigures.Measure(store.Reads);
    }

    // The program of ser lies beside this one, since this project refers to it.
    internal static ProcessStartInfo DashboardCommand(string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ser.dll");
        return new ProcessStartInfo("dotnet", [program, "dashboard", "--data", folder, "--listen", "http://127.0.0.1:0"]);
    }

    private static Option<int> Number(string name, string description, int defaultValue, int minimum, int maximum)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => defaultValue };
        CommandLine.SetRange(option, minimum, maximum);
        return option;
    }
}
