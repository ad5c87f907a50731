using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using Ser.Chaos.Farm;
using Ser.Chaos.Faults;
using Ser.Chaos.Servers;
using Ser.Chaos.Verdicts;

namespace Ser.Chaos;

/// <summary>
/// Runs a sweep without faults as the baseline, then the same and further sweeps on a farm under faults.
/// The verdict compares the results.
/// </summary>
internal sealed class ChaosRun(ChaosSettings settings, string folder, ServerSet servers, Timeline timeline, CancellationToken stop)
{
    private const int Promised = 0, Broken = 1, Skipped = 77;
    private const int FewJobs = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // Other users, as which the servers run, must be able to read the folder.
    private const UnixFileMode ReadableByAll =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SweepClient _client = new(Path.Combine(folder, "lab"), timeline, stop);
    private readonly JobTable _jobs = new(servers.PostgresConnectionString);
    private int _sweeps;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ChaosSettings settings, CancellationToken stop)
    {
        string folder = Directory.CreateDirectory(settings.KeepFolder ?? Directory.CreateTempSubdirectory("ser-chaos-").FullName).FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | ReadableByAll);
        var timeline = new Timeline();
        timeline.Add("phase", $"seed {settings.Seed}");

        // This comes before the servers start: they are orphans as soon as their start script has ended.
        Processes.AdoptOrphans();
        var servers = await ServerSet.StartAsync(Path.Combine(folder, "sv"), Path.Combine(FarmProcess.RepositoryRoot, "eng", "services"));
        if (servers is null)
        {
            const string Missing = "PostgreSQL, RabbitMQ and Ceph are not installed here";
            await Console.Error.WriteLineAsync($"ser chaos: skipped: {Missing} (as root on Debian or Ubuntu: eng/services/install)");
            return Skipped;
        }

        Verdict verdict;
        try
        {
            verdict = await new ChaosRun(settings, folder, servers, timeline, stop).RunAsync();
        }
        finally
        {
            await servers.StopAsync();
        }

        if (settings.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(verdict, Format));
        }

        string digests = verdict.DigestEqual ? "digests equal" : "digests DIFFER";
        string counts = $"lost {verdict.Lost}, double {verdict.Double}, left {verdict.Left}";
        timeline.Add("verdict", $"{verdict.Faults} faults, {verdict.Jobs} jobs: {digests}, {counts}");
        if (settings.KeepFolder is null && verdict.Good)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            timeline.Add("verdict", $"logs and data: {folder}");
        }

        return verdict.Good ? Promised : Broken;
    }

    private async Task<Verdict> RunAsync()
    {
        await _jobs.CommitSynchronouslyAsync();
        await _client.WriteCorpusAsync();
        var baselines = new List<string> { await _client.RunBaselineAsync(1) };
        timeline.Add("sweep", $"{SweepClient.SweepName(1)} without faults: {baselines[0][..12]}…");
        using var farm = new SmallFarm(folder, servers, timeline);
        await farm.StartAsync();
        await _client.SubmitAsync(1, farm.Address, stop);
        _sweeps = 1;
        var faults = await InjectFaultsAsync(farm);
        await SettleAsync(farm);
        var digests = await DigestsAsync(farm);
        await farm.StopWorkersAsync();
        var before = await ObjectList.ReadAsync(servers.S3Settings);
        await _jobs.BackdateAttemptsAsync();
        await _client.RunUpkeepAsync(farm.Address);
        await farm.Scheduler.Process.StopAsync();
        farm.ResetConnections();
        timeline.Add("phase", "every process has ended");
        for (int sweep = 2; sweep <= _sweeps; sweep++)
        {
            baselines.Add(await _client.RunBaselineAsync(sweep));
        }

        SweepDigests Compare(string baseline, int i) => new(SweepClient.SweepName(i + 1), baseline, digests[i]);
        return await JudgeAsync(farm, faults, before, [.. baselines.Select(Compare)]);
    }

    private async Task<IReadOnlyList<Fault>> InjectFaultsAsync(SmallFarm farm)
    {
        var random = new SeededRandom(settings.Seed);
        var schedule = new FaultSchedule(farm, servers, random);
        var injected = new List<Fault>();
        var end = timeline.Elapsed + settings.Duration;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var submitting = KeepBusyAsync(farm, end - TimeSpan.FromMinutes(1), over.Token);
        while (timeline.Elapsed < end)
        {
            var faults = schedule.Next();
            foreach (var fault in faults)
            {
                timeline.Add(fault.Kind, fault.Description);
            }

            injected.AddRange(faults);
            await Task.WhenAll(faults.Select(fault => fault.InjectAsync()));
            await Task.Delay(random.Seconds(0, 4), stop);
        }

        await over.CancelAsync();
        await submitting;
        timeline.Add("phase", "no more faults");
        return injected;
    }

    // Submits another sweep whenever few jobs are left.
    private async Task KeepBusyAsync(SmallFarm farm, TimeSpan end, CancellationToken over)
    {
        try
        {
            while (timeline.Elapsed < end)
            {
                await Task.Delay(1000, over);
                if (await OpenJobsAsync() is < FewJobs)
                {
                    int next = _sweeps + 1;
                    await _client.SubmitAsync(next, farm.Address, over);
                    _sweeps = next;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time for faults is over.
        }
    }

    private async Task<int?> OpenJobsAsync()
    {
        try
        {
            return (await _jobs.CountJobsByStateAsync()).Where(state => state.Key != "Done").Sum(state => state.Value);
        }
        catch (Exception unreachable) when (unreachable is NpgsqlException or TimeoutException or IOException)
        {
            return null;
        }
    }

    // Waits until all jobs are done, or until nothing has changed for a while.
    private async Task SettleAsync(SmallFarm farm)
    {
        var (last, since) = ("", timeline.Elapsed);
        while (timeline.Elapsed - since < Patience)
        {
            var states = await _jobs.CountJobsByStateAsync();
            var outcomes = await _jobs.CountAttemptsByOutcomeAsync();
            if (states.Keys.All(state => state == "Done") && !outcomes.Keys.Any(outcome => outcome is "Running" or "Completed"))
            {
                timeline.Add("phase", "all jobs are done");
                return;
            }

            string now = $"{string.Join(' ', states)} {string.Join(' ', outcomes)}";
            (last, since) = now == last ? (last, since) : (now, timeline.Elapsed);
            await Task.Delay(500, stop);
        }

        timeline.Add("phase", $"nothing has changed at {farm.Address} for {Patience.TotalMinutes} minutes: {last}");
    }

    private async Task<IReadOnlyList<string?>> DigestsAsync(SmallFarm farm)
    {
        var digests = new List<string?>();
        for (int sweep = 1; sweep <= _sweeps; sweep++)
        {
            JsonElement? results = null;
            for (int attempt = 0; results is null && attempt < 15; attempt++)
            {
                results = await _client.ReadResultsAsync(sweep, farm.Address);
                await Task.Delay(results is null ? 2000 : 0, stop);
            }

            digests.Add(results?.GetProperty("digest").GetString());
        }

        return digests;
    }

    private async Task<Verdict> JudgeAsync(
        SmallFarm farm,
        IReadOnlyList<Fault> faults,
        ObjectList before,
        IReadOnlyList<SweepDigests> sweeps)
    {
        const string Accepted = """
            SELECT "Stage" || '/' || "Id" || '/' || "AcceptedAttempt" || '/' FROM jobs WHERE "State" = 'Done'
            """;
        const string AcceptedTwice = """
            SELECT count(*)::text
            FROM (SELECT FROM attempts WHERE "Outcome" = 'Accepted' GROUP BY "JobId" HAVING count(*) > 1) AS several
            """;
        var objects = await ObjectList.ReadAsync(servers.S3Settings);
        var accepted = (await _jobs.QueryAsync(Accepted)).Select(row => row[0]).ToHashSet();
        int Superseded(ObjectList list) =>
            list.ByAttempt.Where(attempt => !accepted.Contains(attempt.Key)).Sum(attempt => attempt.Count());
        bool HasResult(string attempt) => objects.ByAttempt[attempt].Any(key => key == attempt + "result.json");
        var left = await Leftovers.CountAsync(servers, farm, _jobs, objects);
        left["supersededObjects"] = Superseded(objects);
        int planned = SweepClient.JobsPerSweep * sweeps.Count;
        return new Verdict
        {
            Seed = settings.Seed,
            Seconds = Math.Round(timeline.Elapsed.TotalSeconds),
            Faults = faults.Count,
            FaultsByKind = new SortedDictionary<string, int>(faults.CountBy(fault => fault.Kind).ToDictionary()),
            Jobs = planned,
            Attempts = await _jobs.CountAttemptsByOutcomeAsync(),
            Reasons = await _jobs.CountReasonsAsync(),
            DigestEqual = sweeps.All(sweep => sweep.Calm == sweep.Chaos),
            Lost = planned - accepted.Count(HasResult),
            Double = await _jobs.QueryNumberAsync(AcceptedTwice),
            Left = left.Values.Sum(),
            LeftBehind = left,
            BeforeUpkeep = new SortedDictionary<string, int>
            {
                ["checkpoints"] = before.Checkpoints.Count,
                ["supersededObjects"] = Superseded(before),
                ["unfinishedUploads"] = before.Uploads.Count,
            },
            Exits = farm.All.ToDictionary(member => member.Process.Name, member => (IReadOnlyList<int>)[.. member.Process.UnexpectedExits]),
            Sweeps = sweeps,
            Timeline = timeline.Entries,
        };
    }
}
