using System.CommandLine;
using Ser.Cli.Progress;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Server;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser watch`: live progress of a sweep that another process runs, until the sweep ends.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan FolderPollInterval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(2);

    internal static SerCommand Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var command = new SerCommand(
            "watch",
            "Follow the progress of a sweep until it ends.",
            "ser watch iemocap --server http://127.0.0.1:5090",
            "Follow the progress of a sweep that another process runs, until it ends. "
            + "Exit code 1 if a job failed or the sweep was cancelled.")
        {
            sweep,
        };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            using var server = SchedulerOptions.Connect(parsed);
            var end = server is null
                ? await WatchFolderAsync(CommandLine.DataFolder(parsed), name, stop)
                : await WatchServerAsync(server, name, stop);
            Output.WriteMessage($"{name}: {end.ToString().ToLowerInvariant()}");
            return end == SweepState.Done ? CommandLine.Done : CommandLine.WorkFailed;
        });
        return command;
    }

    private static async Task<SweepState> WatchFolderAsync(string folder, string name, CancellationToken stop)
    {
        using var data = DataFolder.OpenForReading(folder);
        if (data.Reads.Sweep(name).State == SweepState.Unfinished && !data.HasRunner)
        {
            Output.WriteMessage($"no process runs {name} now; start one with: ser resume {name}");
        }

        using var timer = new PeriodicTimer(FolderPollInterval, TimeProvider.System);

        async Task UntilEndAsync()
        {
            while (data.Reads.Sweep(name).State == SweepState.Unfinished)
            {
                await timer.WaitForNextTickAsync(stop);
            }
        }

        return await ShowAsync(() => data.Reads.Sweep(name), UntilEndAsync);
    }

    // The event stream is requested again when it ends before the sweep does or when the scheduler cannot be reached,
    // so that a restart of the scheduler or a network failure does not end the command.
    private static async Task<SweepState> WatchServerAsync(SchedulerClient server, string name, CancellationToken stop)
    {
        string sweepPath = $"api/sweeps/{Uri.EscapeDataString(name)}";
        var first = await server.GetAsync<SweepView>(sweepPath, stop);
        var jobs = new Dictionary<string, JobSnapshot>();
        var latest = Merge(jobs, first);
        bool failureReported = false;

        async Task ReadEventsAsync()
        {
            await foreach (var view in server.EventsAsync<SweepView>($"{sweepPath}/events", stop))
            {
                failureReported = false;
                Volatile.Write(ref latest, Merge(jobs, view));
            }
        }

        async Task UntilEndAsync()
        {
            while (latest.State == SweepState.Unfinished)
            {
                try
                {
                    await ReadEventsAsync();
                }
                catch (StorageException unreachable)
                {
                    if (!failureReported)
                    {
                        Output.WriteMessage($"{unreachable.Message}; trying again");
                    }

                    failureReported = true;
                }

                if (latest.State == SweepState.Unfinished)
                {
                    await Task.Delay(ReconnectDelay, TimeProvider.System, stop);
                }
            }
        }

        return await ShowAsync(() => Volatile.Read(ref latest), UntilEndAsync);
    }

    // The first event has every job in the order of the plan. Nothing is removed from the dictionary, so it keeps that order.
    private static SweepSnapshot Merge(Dictionary<string, JobSnapshot> jobs, SweepView view)
    {
        foreach (var job in view.Jobs)
        {
            jobs[job.Id] = job;
        }

        return new SweepSnapshot(view.Name, "", view.State, [.. jobs.Values]);
    }

    private static async Task<SweepState> ShowAsync(Func<SweepSnapshot> read, Func<Task> untilEnd)
    {
        using var watched = new CancellationTokenSource();
        var display = new ProgressDisplay(read, TimeProvider.System).RunAsync(watched.Token);
        try
        {
            await untilEnd();
        }
        finally
        {
            await watched.CancelAsync();
            await display;
        }

        return read().State;
    }
}
