using System.Diagnostics;
using System.Text.RegularExpressions;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Bench.Dashboard;

/// <summary>
/// Measures a dashboard that runs in its own process over a large, changing store: pages and transferred bytes as a browser would
/// request them, and many viewers at the same time.
/// </summary>
public sealed partial class DashboardBench : IDisposable
{
    private const int Rounds = 5, Trainings = 4, TicksPerLateEpoch = 12;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WarmUpOfOne = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan WatchOfOne = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WarmUpOfAll = TimeSpan.FromSeconds(10);

    private readonly Process _server;
    private readonly DataFolder _data;
    private readonly LargeStore _size;
    private readonly Action<string> _report;
    private readonly Uri _address;
    private readonly string _cookie;
    private readonly double _startSeconds;

    private DashboardBench(
        Process server, DataFolder data, LargeStore size, Action<string> report, Uri address, string cookie, double startSeconds)
    {
        (_server, _data, _size, _report) = (server, data, size, report);
        (_address, _cookie, _startSeconds) = (address, cookie, startSeconds);
    }

    /// <summary>Starts a dashboard over a filled data folder.</summary>
    /// <param name="data">The folder; this process is its runner.</param>
    /// <param name="size">What the folder was filled with.</param>
    /// <param name="command">Starts a dashboard process on the folder, which prints its sign-in link.</param>
    /// <param name="report">Receives the name of each measurement when it begins.</param>
    /// <exception cref="StorageException">The dashboard did not start.</exception>
    public static async Task<DashboardBench> StartAsync(
        DataFolder data, LargeStore size, ProcessStartInfo command, Action<string> report)
    {
        var clock = Stopwatch.StartNew();
        command.RedirectStandardError = true;
        command.RedirectStandardOutput = true;
        var server = Process.Start(command) ?? throw new StorageException("the dashboard did not start");
        var link = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new List<string>();
        server.ErrorDataReceived += (_, line) => ReadLine(line.Data);
        server.OutputDataReceived += (_, line) => ReadLine(line.Data);
        server.EnableRaisingEvents = true;
        server.Exited += (_, _) => link.TrySetCanceled();
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        try
        {
            var signInLink = await link.Task.WaitAsync(Timeout);
            double seconds = clock.Elapsed.TotalSeconds;
            string cookie = await SignInAsync(signInLink);
            var address = new Uri(signInLink.GetLeftPart(UriPartial.Authority));
            return new DashboardBench(server, data, size, report, address, cookie, seconds);
        }
        catch (Exception failed) when (failed is TimeoutException or TaskCanceledException)
        {
            if (!server.HasExited)
            {
                server.Kill(entireProcessTree: true);
            }

            server.Dispose();
            throw new StorageException($"the dashboard did not start: {string.Join(' ', output.TakeLast(3))}");
        }

        void ReadLine(string? line)
        {
            if (line is not null)
            {
                output.Add(line);
                if (LinkLine().Match(line) is { Success: true } found)
                {
                    link.TrySetResult(new Uri(found.Value));
                }
            }
        }
    }

    /// <summary>Runs all measurements.</summary>
    /// <param name="viewers">Number of simultaneous viewers.</param>
    /// <param name="watch">How long they watch.</param>
    /// <param name="stop">Cancels the run.</param>
    public async Task<DashboardFigures> RunAsync(int viewers, TimeSpan watch, CancellationToken stop)
    {
        _report("pages");
        var first = await PageAsync("/", stop);
        var wide = await PageAsync($"/sweeps/{LargeStore.Wide}", stop);
        var jobsPage = await PageAsync("/jobs", stop);
        var firstLoad = await FirstLoadAsync(stop);
        _report("reads of the store");
        var reads = ReadFigures.Measure(_data.Reads);
        using var moving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var movement = MoveAsync(moving.Token);
        try
        {
            _report("one viewer of a sweep that changes twice a second");
            var one = await WatchAsync([$"/sweeps/{LargeStore.Live}"], 1, WarmUpOfOne, WatchOfOne, stop);
            _report($"{viewers} viewers for {watch.TotalMinutes:0.#} min");
            string[] paths = [$"/sweeps/{LargeStore.Live}", "/", $"/sweeps/{LargeStore.Live}", $"/sweeps/{LargeStore.Wide}"];
            var all = await WatchAsync(paths, viewers, WarmUpOfAll, watch, stop);
            return new DashboardFigures
            {
                Sweeps = _size.Sweeps + 1,
                Reads = reads,
                StartSeconds = Math.Round(_startSeconds, 2),
                FirstPage = first,
                WidePage = wide,
                JobsPage = jobsPage,
                FirstLoadBytes = firstLoad.Bytes,
                FirstLoadRequests = firstLoad.Requests,
                BytesPerSecondOfOne = Math.Round(one.BytesPerSecond),
                CoresOfOne = Math.Round(one.Cores, 3),
                Viewers = viewers,
                Minutes = Math.Round(all.Minutes, 2),
                CoresOfAll = Math.Round(all.Cores, 3),
                BytesPerSecondOfEach = Math.Round(all.BytesPerSecond),
                DrawnPerSecondOfEach = Math.Round(all.BatchesPerSecond, 2),
                MemoryMiB = all.MemoryMiB,
            };
        }
        finally
        {
            await moving.CancelAsync();
            await movement;
        }
    }

    /// <summary>Ends the dashboard process.</summary>
    public void Dispose()
    {
        _server.Kill(entireProcessTree: true);
        _server.WaitForExit();
        _server.Dispose();
    }

    private static async Task<string> SignInAsync(Uri signInLink)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var response = await client.GetAsync(signInLink);
        return string.Join("; ", response.Headers.GetValues("Set-Cookie").Select(one => one.Split(';')[0]));
    }

    // Opens viewers, waits until their pages have settled, then measures for a while. Viewer i opens paths[i % paths.Length].
    private async Task<WatchFigures> WatchAsync(string[] paths, int viewers, TimeSpan warmUp, TimeSpan watch, CancellationToken stop)
    {
        var all = new List<Viewer>();
        try
        {
            for (int i = 0; i < viewers; i++)
            {
                all.Add(await Viewer.OpenAsync(new Uri(_address, paths[i % paths.Length]), _cookie, stop));
            }

            await Task.Delay(warmUp, stop);
            var memory = new List<double>();
            long bytesBefore = all.Sum(viewer => viewer.Received);
            (var cpuBefore, var clock) = (Cpu(), Stopwatch.StartNew());
            var step = TimeSpan.FromSeconds(Math.Max(2, watch.TotalSeconds / 20));
            while (clock.Elapsed < watch)
            {
                _server.Refresh();
                memory.Add(Math.Round(_server.WorkingSet64 / (1024.0 * 1024), 1));
                await Task.Delay(step, stop);
            }

            double seconds = clock.Elapsed.TotalSeconds;
            double cores = (Cpu() - cpuBefore).TotalSeconds / seconds;
            double bytesPerSecond = (all.Sum(viewer => viewer.Received) - bytesBefore) / seconds / viewers;
            ThrowIfBroken(all);
            double batchesPerSecond = all.Average(viewer => viewer.Batches) / (seconds + warmUp.TotalSeconds);
            return new WatchFigures(seconds / 60, cores, bytesPerSecond, batchesPerSecond, memory);
        }
        finally
        {
            foreach (var viewer in all)
            {
                await viewer.DisposeAsync();
            }
        }
    }

    private TimeSpan Cpu()
    {
        _server.Refresh();
        return _server.TotalProcessorTime;
    }

    // The time of a prerendered page: the first request, then the median of the following ones.
    private async Task<PageFigures> PageAsync(string path, CancellationToken stop)
    {
        using var client = new HttpClient(new ConnectionMeter().CreateHandler()) { BaseAddress = _address, Timeout = Timeout };
        client.DefaultRequestHeaders.Add("Cookie", _cookie);
        var times = new List<double>();
        int bytes = 0;
        for (int round = 0; round <= Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            bytes = (await client.GetByteArrayAsync(path, stop)).Length;
            times.Add(clock.Elapsed.TotalMilliseconds);
            await Task.Delay(Tick, stop);
        }

        double median = times.Skip(1).Order().ElementAt(Rounds / 2);
        return new PageFigures(Math.Round(times[0], 1), Math.Round(median, 1), bytes);
    }

    // What a browser with an empty cache loads: the page, then every script and style sheet that it refers to.
    private async Task<FirstLoad> FirstLoadAsync(CancellationToken stop)
    {
        var wire = new ConnectionMeter();
        using var client = new HttpClient(wire.CreateHandler()) { BaseAddress = _address };
        client.DefaultRequestHeaders.Add("Cookie", _cookie);
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, deflate, br, zstd");
        byte[] page = await client.GetByteArrayAsync("/", stop);
        string html = System.Text.Encoding.UTF8.GetString(page);
        string[] files = [.. AssetReference().Matches(html).Select(match => match.Groups[1].Value).Distinct()];
        foreach (string file in files)
        {
            await client.GetByteArrayAsync(file, stop);
        }

        return new FirstLoad(wire.Received, files.Length + 1);
    }

    // Trains some folds of two sweeps. Each training ends an epoch at every tick; after half of its epochs only every few seconds,
    // so that the epochs suffice for a long run.
    private async Task MoveAsync(CancellationToken stop)
    {
        var store = new MadeUpStore(_data.Jobs, _data.Artifacts, _data.Work);
        string[] sweeps = [LargeStore.Live, LargeStore.Wide];
        var claims = sweeps.Select(sweep => new ClaimRequest("made-up", [Stages.FineTune.FineTuneStage.StageName], sweep));
        var leases = claims.SelectMany(claim => _data.Jobs.Leases.Claim(claim, Trainings)).Select(job => job.Lease).ToList();
        int half = _size.Epochs / 2;
        using var timer = new PeriodicTimer(Tick);
        try
        {
            for (int tick = 1; await timer.WaitForNextTickAsync(stop); tick++)
            {
                int epoch = tick <= half ? tick : Math.Min(_size.Epochs, half + ((tick - half) / TicksPerLateEpoch));
                foreach (var lease in leases)
                {
                    store.ReportProgress(lease, tick, epoch, _size.Epochs);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // All measurements are done.
        }
    }

    private static void ThrowIfBroken(IReadOnlyList<Viewer> viewers)
    {
        var problems = viewers.Select(viewer => viewer.Problem ?? (viewer.Batches == 0 ? "nothing was rendered" : null));
        if (problems.FirstOrDefault(problem => problem is not null) is { } problem)
        {
            throw new StorageException($"the measurement is invalid because the circuit of a viewer failed: {problem}");
        }
    }

    [GeneratedRegex(@"https?://\S+/enter\?code=\w+")]
    private static partial Regex LinkLine();

    [GeneratedRegex("(?:src|href)=\"((?:assets|_framework)/[^\"]+)\"")]
    private static partial Regex AssetReference();

    private sealed record FirstLoad(long Bytes, int Requests);

    private sealed record WatchFigures(
        double Minutes, double Cores, double BytesPerSecond, double BatchesPerSecond, IReadOnlyList<double> MemoryMiB);
}
