using System.CommandLine;
using Ser.Cli.Progress;
using Ser.Cli.Remote;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Data;

namespace Ser.Cli.Commands;

/// <summary>`ser watch`: live progress of a sweep that somebody else runs, until nothing of it can run.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5), Again = TimeSpan.FromSeconds(2);

    internal static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Name of the sweep." };
        var command = new Command("watch", "Show a sweep's progress until it ends; it runs elsewhere. Exit code 1 where a job failed or it was cancelled.") { sweep };
        command.SetAction(async (parsed, stop) =>
        {
            string name = parsed.GetValue(sweep)!;
            using var server = Target.Of(parsed);
            var end = server is null ? await OfFolderAsync(CommandLine.DataFolder(parsed), name, stop) : await OfServerAsync(server, name, stop);
            Output.Say($"{name}: {end.ToString().ToLowerInvariant()}");
            return end == SweepState.Done ? CommandLine.Done : CommandLine.WorkFailed;
        });
        return command;
    }

    private static async Task<SweepState> OfFolderAsync(string folder, string name, CancellationToken stop)
    {
        using var data = DataFolder.OpenForReading(folder);
        if (data.Reads.Sweep(name).State == SweepState.Unfinished && !data.HasRunner)
        {
            Output.Say($"nobody runs {name} now: ser resume {name}");
        }

        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        return await ShowAsync(() => data.Reads.Sweep(name), async () =>
        {
            while (data.Reads.Sweep(name).State == SweepState.Unfinished)
            {
                await timer.WaitForNextTickAsync(stop);
            }
        });
    }

    // Events that end before the sweep does, or cannot be heard, are asked for again: a scheduler that restarts, a network that is away.
    private static async Task<SweepState> OfServerAsync(SerServer server, string name, CancellationToken stop)
    {
        string path = $"api/sweeps/{Uri.EscapeDataString(name)}/events";
        var first = await server.GetAsync<SweepView>($"api/sweeps/{Uri.EscapeDataString(name)}", stop);
        var jobs = new Dictionary<string, JobSnapshot>();
        var latest = Merge(jobs, first);
        return await ShowAsync(() => Volatile.Read(ref latest), async () =>
        {
            bool heard = true;
            while (latest.State == SweepState.Unfinished)
            {
                try
                {
                    await foreach (var view in server.EventsAsync<SweepView>(path, stop))
                    {
                        heard = true;
                        Volatile.Write(ref latest, Merge(jobs, view));
                    }
                }
                catch (StorageException away)
                {
                    if (heard)
                    {
                        Output.Say($"{away.Message}; trying again");
                    }

                    heard = false;
                }

                if (latest.State == SweepState.Unfinished)
                {
                    await Task.Delay(Again, TimeProvider.System, stop);
                }
            }
        });
    }

    // The first event has every job in plan order, and a dictionary from which nothing is removed keeps it.
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
