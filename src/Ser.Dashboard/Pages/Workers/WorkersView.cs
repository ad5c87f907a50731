using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Results.Status;

namespace Ser.Dashboard.Pages.Workers;

/// <summary>Workers and queues at one point in time.</summary>
/// <param name="ReadAt">When the store was read.</param>
/// <param name="Registered">Workers that send heartbeats; null if the store keeps no registry of workers.</param>
/// <param name="Running">The running jobs.</param>
/// <param name="Memory">Resident bytes of a running job's process at the end of its last epoch, by job id.</param>
/// <param name="StepsPerSecond">Steps per second of a running job, by job id.</param>
/// <param name="Counts">Number of jobs by state.</param>
internal sealed record WorkersSnapshot(
    DateTimeOffset ReadAt,
    IReadOnlyList<WorkerInfo>? Registered,
    IReadOnlyList<JobLine> Running,
    IReadOnlyDictionary<string, long> Memory,
    IReadOnlyDictionary<string, double> StepsPerSecond,
    IReadOnlyDictionary<JobState, int> Counts)
{
    private const int MaxRunning = 1_000;

    /// <summary>Why a worker can run none of the ready jobs, by the name of the worker.</summary>
    public IReadOnlyDictionary<string, string> UnfitReasons { get; init; } = new Dictionary<string, string>();

    /// <summary>Number of free slots of all workers that accept jobs; null if the store keeps no registry.</summary>
    public int? FreeSlots => Registered?
        .Where(worker => worker.IsAliveAt(ReadAt) && !worker.Draining)
        .Sum(worker => Math.Max(0, worker.Slots - worker.Running.Count));

    public static WorkersSnapshot Read(DashboardStores stores, TimeProvider clock)
    {
        var page = stores.Reads.SearchJobs(new JobQuery(State: JobState.Running), 0, MaxRunning);
        var running = page.Lines.DistinctBy(line => line.Id).ToList();
        var jobs = stores.Reads.Jobs(running.ConvertAll(line => line.Id));
        var registered = stores.Workers?.All();
        var memory = new Dictionary<string, long>();
        var speed = new Dictionary<string, double>();
        foreach (var job in jobs.Values)
        {
            if (job.Progress?.Point is { } point)
            {
                memory[job.Id] = point.ResidentBytes;
            }

            if (job.Progress?.StepsPerSecond is { } stepsPerSecond)
            {
                speed[job.Id] = stepsPerSecond;
            }
        }

        return new WorkersSnapshot(clock.GetUtcNow(), registered, running, memory, speed, stores.Reads.CountsByState())
        {
            UnfitReasons = WorkerMatching.FindUnfitWorkers(stores.Reads.ReadyNeeds(), registered ?? []),
        };
    }

    /// <summary>Number of jobs in a state.</summary>
    public int Count(JobState state) => Counts.GetValueOrDefault(state);
}

/// <summary>A worker as the page shows it.</summary>
/// <param name="Name">Name of the worker.</param>
/// <param name="Host">Its machine; null if unknown.</param>
/// <param name="Device">cpu or cuda; null if unknown.</param>
/// <param name="Slots">Number of jobs that it runs at a time; null if unknown.</param>
/// <param name="Labels">Labels that its operator gave it.</param>
/// <param name="Jobs">Its current jobs.</param>
/// <param name="Memory">Resident bytes of its process; null if not reported yet.</param>
/// <param name="GpuUsage">Utilisation of its GPU in the last second and GPU memory in use; null if not reported.</param>
/// <param name="Status">Status in words: silent for …, idle because …, or how many jobs it is running.</param>
/// <param name="Tone">CSS state for the colour of <paramref name="Status"/>: running, lost or empty.</param>
/// <param name="CanDrain">Whether the worker can be drained.</param>
internal sealed record WorkerLine(
    string Name,
    string? Host,
    string? Device,
    int? Slots,
    IReadOnlyList<string> Labels,
    IReadOnlyList<JobLine> Jobs,
    long? Memory,
    string? GpuUsage,
    string Status,
    string Tone,
    bool CanDrain);

/// <summary>Computes what the page of workers shows.</summary>
internal static class WorkersView
{
    /// <summary>All workers: first the registered ones, then unregistered ones that hold leases.</summary>
    public static IReadOnlyList<WorkerLine> Lines(WorkersSnapshot now)
    {
        var registered = (now.Registered ?? []).Select(worker => Registered(worker, now)).ToList();
        var others = now.Running
            .Where(job => !registered.Any(worker => worker.Jobs.Contains(job)))
            .GroupBy(job => WorkerName(job.Worker))
            .Select(jobs => Unregistered(jobs.Key, [.. jobs], now));
        return [.. registered, .. others.OrderBy(worker => worker.Name, StringComparer.Ordinal)];
    }

    /// <summary>Remaining time of a lease in words.</summary>
    public static string DescribeLease(JobLine job) => job.LeaseLeft switch
    {
        null => "",
        < 0 and var left => $"expired {Seconds(-left)} ago",
        { } left => $"expires in {Seconds(left)}",
    };

    /// <summary>Stage, epoch and speed of a running job in words.</summary>
    public static string StageAndProgress(JobLine job, WorkersSnapshot now)
    {
        string epochs = job.Epochs > 0 ? $", epoch {job.Epoch} of {job.Epochs}" : "";
        string speed = now.StepsPerSecond.TryGetValue(job.Id, out double stepsPerSecond)
            ? string.Create(CultureInfo.InvariantCulture, $", {stepsPerSecond:0.0} steps/s")
            : "";
        return job.Stage + epochs + speed;
    }

    /// <summary>Why a worker with free slots is idle.</summary>
    public static string IdleReason(WorkerInfo worker, WorkersSnapshot now)
    {
        if (worker.Draining)
        {
            return worker.Quarantined is { } reason ? $"it is in quarantine: {reason}" : "it is draining and gets no more jobs";
        }

        int ready = now.Count(JobState.Ready), waiting = now.Count(JobState.Waiting);
        if (ready > 0)
        {
            return now.UnfitReasons.TryGetValue(worker.Name, out string? unfit) ? unfit : $"it has not polled yet; ready jobs: {ready}";
        }

        return waiting > 0 ? $"no job is ready; jobs waiting for other jobs: {waiting}"
            : "there are no jobs";
    }

    private static WorkerLine Registered(WorkerInfo worker, WorkersSnapshot now)
    {
        var jobs = now.Running.Where(job => worker.Running.Contains(job.Id) || WorkerName(job.Worker) == worker.Name).ToList();
        bool alive = worker.IsAliveAt(now.ReadAt);
        return new WorkerLine(
            worker.Name,
            worker.Host,
            worker.Device,
            worker.Slots,
            worker.Labels,
            jobs,
            worker.Reading?.ResidentBytes ?? Memory(jobs, now),
            DescribeGpu(worker.Reading),
            Status(worker, jobs.Count, alive, now),
            !alive ? "lost" : jobs.Count > 0 ? "running" : "",
            alive && !worker.Draining);
    }

    private static WorkerLine Unregistered(string name, IReadOnlyList<JobLine> jobs, WorkersSnapshot now)
    {
        string status = $"running {jobs.Count}; known only from its leases";
        return new WorkerLine(name, null, null, null, [], jobs, Memory(jobs, now), null, status, "running", false);
    }

    private static string Status(WorkerInfo worker, int jobs, bool alive, WorkersSnapshot now) =>
        !alive ? $"silent for {Seconds((now.ReadAt - worker.LastSeen).TotalSeconds)}"
        : jobs == 0 ? $"idle because {IdleReason(worker, now)}"
        : jobs < worker.Slots ? $"running {jobs} of {worker.Slots}; the other slots are idle because {IdleReason(worker, now)}"
        : $"running {jobs} of {worker.Slots}{(worker.Draining ? "; draining, gets no more jobs" : "")}";

    private static string? DescribeGpu(WorkerReading? reading)
    {
        if (reading?.GpuBytes is not { } bytes)
        {
            return null;
        }

        var invariant = CultureInfo.InvariantCulture;
        string utilisation = reading.GpuUtilisation is { } share ? string.Create(invariant, $"{100 * share:0} %, ") : "";
        string memory = string.Create(invariant, $"{bytes / (double)(1 << 30):0.0} GiB in use");
        return utilisation + memory;
    }

    // All jobs of a worker run in one process, so the largest report is that of the process.
    private static long? Memory(IEnumerable<JobLine> jobs, WorkersSnapshot now) =>
        jobs.Where(job => now.Memory.ContainsKey(job.Id)).Select(job => (long?)now.Memory[job.Id]).Max();

    private static string WorkerName(string? slot) => slot is null ? "?" : SlotName.Parse(slot).Worker;

    private static string Seconds(double seconds) => seconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s")
        : Results.Status.ProgressText.FormatDuration(TimeSpan.FromSeconds(seconds));
}
