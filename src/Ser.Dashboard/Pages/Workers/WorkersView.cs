using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Workers;

/// <summary>Workers and queues at one moment.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Registered">Workers that say themselves that they are here; null: nobody keeps a register.</param>
/// <param name="Running">Lines of the running jobs.</param>
/// <param name="Memory">Bytes that a running job's process took at the end of its last epoch, by job.</param>
/// <param name="Speed">Steps per second of a running job, by job.</param>
/// <param name="Counts">Jobs by state.</param>
internal sealed record WorkersNow(
    DateTimeOffset At, IReadOnlyList<WorkerInfo>? Registered, IReadOnlyList<JobLine> Running, IReadOnlyDictionary<string, long> Memory, IReadOnlyDictionary<string, double> Speed,
    IReadOnlyDictionary<JobState, int> Counts)
{
    private const int MostRunning = 1_000;

    /// <summary>Why a worker can take none of the ready jobs, by its name.</summary>
    public IReadOnlyDictionary<string, string> Unfit { get; init; } = new Dictionary<string, string>();

    public static WorkersNow Read(DashboardStores stores, TimeProvider clock)
    {
        var running = stores.Reads.Search(new JobQuery(State: JobState.Running), 0, MostRunning).Lines.DistinctBy(line => line.Id).ToList();
        var jobs = running.ConvertAll(line => stores.Reads.Job(line.Id));
        var registered = stores.Workers?.All();
        return new WorkersNow(
            clock.GetUtcNow(), registered, running,
            jobs.Where(job => job.Progress?.Point is not null).ToDictionary(job => job.Id, job => job.Progress!.Point!.ResidentBytes),
            jobs.Where(job => job.Progress?.StepsPerSecond is not null).ToDictionary(job => job.Id, job => job.Progress!.StepsPerSecond!.Value),
            stores.Reads.Counts())
        {
            Unfit = ReadyNeeds.Unfit(stores.Reads.ReadyNeeds(), registered ?? []),
        };
    }

    /// <summary>Number of jobs in a state.</summary>
    public int Count(JobState state) => Counts.GetValueOrDefault(state);
}

/// <summary>A worker as the page shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Host">The machine; null where it is not known.</param>
/// <param name="Device">cpu or cuda; null where it is not known.</param>
/// <param name="Slots">Jobs at a time; null where it is not known.</param>
/// <param name="Labels">What its operator says of it.</param>
/// <param name="Runs">What it runs.</param>
/// <param name="Memory">Bytes of its process, as far as the jobs said; null: they have not yet.</param>
/// <param name="Busy">Share of the last second in which its GPU was busy, with the memory in use there; null: it has none, or does not say.</param>
/// <param name="Says">silent for …, idle because …, or what it does.</param>
/// <param name="Tone">running, lost or nothing: the colour of <paramref name="Says"/>.</param>
/// <param name="CanDrain">Whether it would hear of it.</param>
internal sealed record WorkerLine(
    string Name, string? Host, string? Device, int? Slots, IReadOnlyList<string> Labels, IReadOnlyList<JobLine> Runs, long? Memory, string? Busy, string Says, string Tone, bool CanDrain);

/// <summary>What the page of workers shows, by plain functions.</summary>
internal static class WorkersView
{
    /// <summary>Every worker: those that are registered, then those that only their leases tell of.</summary>
    public static IReadOnlyList<WorkerLine> Lines(WorkersNow now)
    {
        var known = (now.Registered ?? []).Select(worker => Registered(worker, now)).ToList();
        var others = now.Running.Where(job => !known.Any(worker => worker.Runs.Contains(job))).GroupBy(job => Of(job.Worker))
            .Select(jobs => new WorkerLine(jobs.Key, null, null, null, [], [.. jobs], Memory(jobs, now), null, $"runs {jobs.Count()}; only its leases tell of it", "running", false));
        return [.. known, .. others.OrderBy(worker => worker.Name, StringComparer.Ordinal)];
    }

    /// <summary>How long a lease still holds, in words.</summary>
    public static string Lease(JobLine job) => job.LeaseLeft switch
    {
        null => "",
        < 0 and var over => $"ran out {Seconds(-over)} ago",
        { } left => $"holds for {Seconds(left)}",
    };

    /// <summary>Why a worker with free slots is idle.</summary>
    public static string Idle(WorkerInfo worker, WorkersNow now) => (worker.Draining, now.Count(JobState.Ready), now.Count(JobState.Waiting)) switch
    {
        (true, _, _) when worker.Quarantined is { } why => $"it is in quarantine: {why}",
        (true, _, _) => "it drains: it takes no more jobs",
        (_, > 0, _) when now.Unfit.TryGetValue(worker.Name, out string? lacks) => lacks,
        (_, > 0 and var ready, _) => $"it has not asked yet: {ready} jobs are ready, and offers come within seconds",
        (_, _, > 0 and var waiting) => $"no job is ready: {waiting} wait for others that run, failed or were cancelled",
        _ => "there is nothing to do",
    };

    private static WorkerLine Registered(WorkerInfo worker, WorkersNow now)
    {
        var runs = now.Running.Where(job => worker.Running.Contains(job.Id) || Of(job.Worker) == worker.Name).ToList();
        var silent = now.At - worker.LastSeen;
        bool alive = worker.IsAliveAt(now.At);
        string says = !alive ? $"silent for {Seconds(silent.TotalSeconds)}"
            : runs.Count == 0 ? $"idle because {Idle(worker, now)}"
            : runs.Count < worker.Slots ? $"runs {runs.Count} of {worker.Slots}; the rest is idle because {Idle(worker, now)}"
            : $"runs {runs.Count} of {worker.Slots}{(worker.Draining ? "; drains, takes no more" : "")}";
        return new WorkerLine(worker.Name, worker.Host, worker.Device, worker.Slots, worker.Labels, runs, worker.Reading?.ResidentBytes ?? Memory(runs, now), Busy(worker.Reading), says, !alive ? "lost" : runs.Count > 0 ? "running" : "", alive && !worker.Draining);
    }

    private static string? Busy(WorkerReading? reading) => reading?.GpuBytes is not { } bytes ? null
        : string.Create(CultureInfo.InvariantCulture, $"{(reading.GpuUtilisation is { } share ? $"{100 * share:0} %, " : "")}{bytes / (double)(1 << 30):0.0} GiB in use");

    private static long? Memory(IEnumerable<JobLine> jobs, WorkersNow now) => jobs.Where(job => now.Memory.ContainsKey(job.Id)).Select(job => (long?)now.Memory[job.Id]).Max();

    // A slot's name is the worker's with the slot's number.
    private static string Of(string? slot) => slot is null ? "?" : slot.LastIndexOf('/') is var at and > 0 ? slot[..at] : slot;

    private static string Seconds(double seconds) => seconds < 100 ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s") : Results.Status.ProgressText.Short(TimeSpan.FromSeconds(seconds));
}
