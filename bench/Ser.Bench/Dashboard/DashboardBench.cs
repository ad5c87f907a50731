using System.Diagnostics;
using System.Text.RegularExpressions;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Bench.Dashboard;

/// <summary>What a dashboard in a process of its own takes over a large store that moves: pages and bytes as a browser asks for them, and many who watch at once.</summary>
public sealed partial class DashboardBench : IDisposable
{
    private const int Rounds = 5, Trainings = 4, BeatsOfAnEpoch = 12;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process server;
    private readonly DataFolder data;
    private readonly LargeStore size;
    private readonly Action<string> say;
    private readonly Uri address;
    private readonly string cookie;
    private readonly double startSeconds;

    private DashboardBench(Process server, DataFolder data, LargeStore size, Action<string> say, Uri address, string cookie, double startSeconds)
    {
        (this.server, this.data, this.size, this.say, this.address, this.cookie, this.startSeconds) = (server, data, size, say, address, cookie, startSeconds);
    }

    /// <summary>Starts a dashboard over a filled folder.</summary>
    /// <param name="data">The folder; this process is its runner.</param>
    /// <param name="size">What it was filled with.</param>
    /// <param name="command">Starts a dashboard of its own on the folder; says its link.</param>
    /// <param name="say">Told what is measured.</param>
    /// <exception cref="StorageException">The dashboard did not start.</exception>
    public static async Task<DashboardBench> StartAsync(DataFolder data, LargeStore size, ProcessStartInfo command, Action<string> say)
    {
        var clock = Stopwatch.StartNew();
        command.RedirectStandardError = true;
        command.RedirectStandardOutput = true;
        var server = Process.Start(command) ?? throw new StorageException("the dashboard did not start");
        var link = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        server.ErrorDataReceived += (_, line) => Hear(line.Data);
        server.OutputDataReceived += (_, line) => Hear(line.Data);
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        try
        {
            var enter = await link.Task.WaitAsync(Patience);
            double seconds = clock.Elapsed.TotalSeconds;
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            using var entered = await client.GetAsync(enter);
            string cookie = string.Join("; ", entered.Headers.GetValues("Set-Cookie").Select(one => one.Split(';')[0]));
            return new DashboardBench(server, data, size, say, new Uri(enter.GetLeftPart(UriPartial.Authority)), cookie, seconds);
        }
        catch (TimeoutException)
        {
            server.Kill(entireProcessTree: true);
            server.Dispose();
            throw new StorageException($"the dashboard did not start: {string.Join(' ', said.TakeLast(3))}");
        }

        void Hear(string? line)
        {
            if (line is not null)
            {
                said.Add(line);
                if (LinkLine().Match(line) is { Success: true } found)
                {
                    link.TrySetResult(new Uri(found.Value));
                }
            }
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="viewers">Who watch at once.</param>
    /// <param name="watch">For how long.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<DashboardFigures> RunAsync(int viewers, TimeSpan watch, CancellationToken stop)
    {
        say("pages");
        var first = await PageAsync("/", stop);
        var wide = await PageAsync($"/sweeps/{LargeStore.Wide}", stop);
        var jobsPage = await PageAsync("/jobs", stop);
        var (bytes, requests) = await FirstLoadAsync(stop);
        say("reads of the store");
        var reads = ReadFigures.Of(data.Reads);
        say("one viewer of a sweep that moves twice a second");
        using var moving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var movement = MoveAsync(moving.Token);
        double perViewer, one;
        await using (var viewer = await Viewer.OpenAsync(new Uri(address, $"/sweeps/{LargeStore.Live}"), cookie, stop))
        {
            await Task.Delay(TimeSpan.FromSeconds(8), stop);
            (long before, var cpu, var clock) = (viewer.Received, Cpu(), Stopwatch.StartNew());
            await Task.Delay(TimeSpan.FromSeconds(15), stop);
            (perViewer, one) = ((viewer.Received - before) / clock.Elapsed.TotalSeconds, (Cpu() - cpu).TotalSeconds / clock.Elapsed.TotalSeconds);
            Refuse([viewer]);
        }

        say($"{viewers} viewers for {watch.TotalMinutes:0.#} min");
        string[] paths = [$"/sweeps/{LargeStore.Live}", "/", $"/sweeps/{LargeStore.Live}", $"/sweeps/{LargeStore.Wide}"];
        var all = new List<Viewer>();
        try
        {
            for (int i = 0; i < viewers; i++)
            {
                all.Add(await Viewer.OpenAsync(new Uri(address, paths[i % paths.Length]), cookie, stop));
            }

            await Task.Delay(TimeSpan.FromSeconds(10), stop);
            var memory = new List<double>();
            (long before, var cpu, var clock) = (all.Sum(viewer => viewer.Received), Cpu(), Stopwatch.StartNew());
            var step = TimeSpan.FromSeconds(Math.Max(2, watch.TotalSeconds / 20));
            while (clock.Elapsed < watch)
            {
                server.Refresh();
                memory.Add(Math.Round(server.WorkingSet64 / (1024.0 * 1024), 1));
                await Task.Delay(step, stop);
            }

            double cores = (Cpu() - cpu).TotalSeconds / clock.Elapsed.TotalSeconds, received = (all.Sum(viewer => viewer.Received) - before) / clock.Elapsed.TotalSeconds / viewers;
            Refuse(all);
            return new DashboardFigures
            {
                Sweeps = size.Sweeps + 1,
                Reads = reads,
                StartSeconds = Math.Round(startSeconds, 2),
                FirstPage = first,
                WidePage = wide,
                JobsPage = jobsPage,
                FirstLoadBytes = bytes,
                FirstLoadRequests = requests,
                BytesPerSecondOfOne = Math.Round(perViewer),
                CoresOfOne = Math.Round(one, 3),
                Viewers = viewers,
                Minutes = Math.Round(clock.Elapsed.TotalMinutes, 2),
                CoresOfAll = Math.Round(cores, 3),
                BytesPerSecondOfEach = Math.Round(received),
                DrawnPerSecondOfEach = Math.Round(all.Average(viewer => viewer.Batches) / (clock.Elapsed.TotalSeconds + 10), 2),
                MemoryMiB = memory,
            };
        }
        finally
        {
            foreach (var viewer in all)
            {
                await viewer.DisposeAsync();
            }

            await moving.CancelAsync();
            await movement;
        }
    }

    /// <summary>Ends the dashboard.</summary>
    public void Dispose()
    {
        server.Kill(entireProcessTree: true);
        server.WaitForExit();
        server.Dispose();
    }

    private TimeSpan Cpu()
    {
        server.Refresh();
        return server.TotalProcessorTime;
    }

    // A page as it is drawn on the server: once cold, then the median of some.
    private async Task<PageFigures> PageAsync(string path, CancellationToken stop)
    {
        using var client = new HttpClient(new Wire().Handler()) { BaseAddress = address, Timeout = Patience };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        var times = new List<double>();
        int bytes = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            bytes = (await client.GetByteArrayAsync(path, stop)).Length;
            times.Add(clock.Elapsed.TotalMilliseconds);
            await Task.Delay(Beat, stop);
        }

        return new PageFigures(Math.Round(times[0], 1), Math.Round(times.Skip(1).Order().ElementAt(Rounds / 2), 1), bytes);
    }

    // What a browser loads with nothing kept: the page, then all that its head and end name.
    private async Task<(long Bytes, int Requests)> FirstLoadAsync(CancellationToken stop)
    {
        var wire = new Wire();
        using var client = new HttpClient(wire.Handler()) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, deflate, br, zstd");
        byte[] page = await client.GetByteArrayAsync("/", stop);
        string html = System.Text.Encoding.UTF8.GetString(page);
        string[] files = [.. AssetReference().Matches(html).Select(match => match.Groups[1].Value).Distinct()];
        foreach (string file in files)
        {
            await client.GetByteArrayAsync(file, stop);
        }

        return (wire.Received, files.Length + 1);
    }

    // Trainings of two sweeps, each of which ends an epoch twice a second; when half of them are over, one every few seconds, so that there are enough for a long watch.
    private async Task MoveAsync(CancellationToken stop)
    {
        var store = new MadeUpStore(data.Jobs, data.Artifacts, data.Work);
        var leases = new[] { LargeStore.Live, LargeStore.Wide }.SelectMany(sweep => data.Jobs.Claim(new ClaimRequest("made-up", [Stages.FineTune.FineTuneStage.StageName], sweep), Trainings)).Select(job => job.Lease).ToList();
        using var timer = new PeriodicTimer(Beat);
        try
        {
            for (int beat = 1; await timer.WaitForNextTickAsync(stop); beat++)
            {
                int epoch = beat <= size.Epochs / 2 ? beat : Math.Min(size.Epochs, (size.Epochs / 2) + ((beat - (size.Epochs / 2)) / BeatsOfAnEpoch));
                foreach (var lease in leases)
                {
                    store.Move(lease, beat, epoch, size.Epochs);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Measured.
        }
    }

    private static void Refuse(IReadOnlyList<Viewer> viewers)
    {
        if (viewers.Select(viewer => viewer.Problem ?? (viewer.Batches == 0 ? "nothing was drawn" : null)).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            throw new StorageException($"a viewer's circuit broke, so nothing was measured: {problem}");
        }
    }

    [GeneratedRegex(@"https?://\S+/enter\?code=\w+")]
    private static partial Regex LinkLine();

    [GeneratedRegex("(?:src|href)=\"((?:assets|_framework)/[^\"]+)\"")]
    private static partial Regex AssetReference();
}
