using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Data;

/// <summary>A data folder: ser.db, artifacts/, work/ and the runner's lock. One runner, any number of readers.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly RunnerLock? _lock;
    private readonly SqliteDatabase _database;

    private DataFolder(string folder, RunnerLock? held, LeaseSettings leases)
    {
        Folder = folder;
        _lock = held;
        _database = new SqliteDatabase(DatabaseIn(folder));
        Jobs = new JobStore(_database, leases);
        Reads = new JobReads(_database);
        Artifacts = new FileArtifacts(Path.Combine(folder, "artifacts"));
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Whether this process is the folder's runner.</summary>
    public bool IsRunner => _lock is not null;

    /// <summary>The job store. Without the lock only <see cref="IJobStore.Ask"/> is for use.</summary>
    public IJobStore Jobs { get; }

    /// <summary>What can be seen of the jobs.</summary>
    public IJobReads Reads { get; }

    /// <summary>Results, checkpoints, small inputs.</summary>
    public IArtifactStore Artifacts { get; }

    /// <summary>Where attempts put their files before they are published; emptied when a runner opens the folder.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>What jobs share and can make again. May be deleted while nothing runs.</summary>
    public string Cache => Path.Combine(Folder, "cache");

    /// <summary>Opens a folder as its runner, creating it if need be. Leases of an earlier runner end.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">What this process does, for a second runner to be told.</param>
    /// <param name="leases">Times of leases; null: the usual.</param>
    /// <exception cref="InputException">Another runner holds it, or it is from a newer version.</exception>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public static DataFolder OpenAsRunner(string folder, string command, LeaseSettings? leases = null)
    {
        string path = Path.GetFullPath(folder);
        try
        {
            Create(path);
            new SqliteDatabase(DatabaseIn(path)).RefuseNewer();
            return Opened(path, RunnerLock.Take(path, command), leases);
        }
        catch (Exception problem) when (StorageFailure.From(problem) is { } storage)
        {
            throw storage;
        }
    }

    /// <summary>Whether a runner works on the folder now, in this process or another.</summary>
    public bool HasRunner => IsRunner || RunnerLock.IsHeld(Folder);

    /// <summary>Who works on the folder now, or null.</summary>
    public static string? RunnerOf(string folder) => RunnerLock.IsHeld(Path.GetFullPath(folder)) ? RunnerLock.HolderOf(Path.GetFullPath(folder)) ?? "a process that does not say" : null;

    /// <summary>Whether a runner has ever opened the folder.</summary>
    public static bool Exists(string folder) => File.Exists(DatabaseIn(Path.GetFullPath(folder)));

    /// <summary>Opens a folder to look at it, or to leave a request.</summary>
    /// <exception cref="InputException">There is no such folder, it holds nothing, or it is from another version.</exception>
    public static DataFolder OpenForReading(string folder)
    {
        string path = Path.GetFullPath(folder);
        if (!File.Exists(DatabaseIn(path)))
        {
            throw new InputException($"{path} is no data folder ({Path.GetFileName(DatabaseIn(path))} is not there); give the one of an earlier `ser run` with --data.");
        }

        var opened = new DataFolder(path, null, new LeaseSettings());
        opened._database.Check();
        return opened;
    }

    /// <summary>Cancels a sweep: at once where no runner works on the folder, else by a request that the runner honours within about a second.</summary>
    /// <returns>Jobs cancelled, or null where it was left to the runner.</returns>
    /// <exception cref="InputException">No such folder or sweep.</exception>
    public static int? Cancel(string folder, string sweep) => Act(
        folder, "ser cancel", data => data.Reads.Sweep(sweep), data => data.Jobs.CancelSweep(sweep), new RunnerRequest(RequestKind.CancelSweep, sweep));

    /// <summary>
    /// Makes a job ready again that failed or was cancelled, or whose accepted result is damaged: at once where no runner works on the folder, else by a request.
    /// </summary>
    /// <returns>Jobs made ready, or null where it was left to the runner.</returns>
    /// <exception cref="InputException">No such folder or job, or nothing to retry.</exception>
    public static int? Retry(string folder, string jobId)
    {
        JobSnapshot job;
        using (var data = OpenForReading(folder))
        {
            job = data.Reads.Job(jobId);
            if (job.Result is { } result && data.Artifacts.Verify(new OfferedResult(result.JobId, result.Stage, result.Attempt, result.ManifestDigest)) is null)
            {
                throw new InputException($"{job.Title}, {job.Stage} ({job.Id[..12]}) is done and its result is whole: there is nothing to retry.");
            }
        }

        if (job.Result is { } damaged)
        {
            using var runner = OpenAsRunner(folder, "ser retry");
            return runner.Jobs.Discard(damaged) ? 1 : 0;
        }

        return Act(folder, "ser retry", data => data.Reads.Job(job.Id), data => data.Jobs.RetryJob(job.Id), new RunnerRequest(RequestKind.RetryJob, job.Id));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database.Close();
        _lock?.Dispose();
    }

    private static int? Act(string folder, string command, Action<DataFolder> check, Func<DataFolder, int> atOnce, RunnerRequest request)
    {
        using (var reader = OpenForReading(folder))
        {
            check(reader);
            var held = RunnerLock.TryTake(reader.Folder, command);
            if (held is null)
            {
                reader.Jobs.Ask(request);
                return null;
            }

            using var runner = Opened(reader.Folder, held, null);
            return atOnce(runner);
        }
    }

    private static DataFolder Opened(string path, RunnerLock held, LeaseSettings? leases)
    {
        try
        {
            var opened = new DataFolder(path, held, leases ?? new LeaseSettings());
            opened._database.Migrate();
            opened.Jobs.EndLeases("the process that ran it ended");
            opened.HonourOldRequests();
            opened.RemoveStrayCheckpoints();
            if (Directory.Exists(opened.Work))
            {
                Directory.Delete(opened.Work, recursive: true);
            }

            return opened;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // Left for a runner that ended before it looked. Honoured before anything new is submitted: they are about the past.
    private void HonourOldRequests()
    {
        foreach (var request in Jobs.TakeRequests())
        {
            try
            {
                Jobs.Honour(request);
            }
            catch (InputException)
            {
                // It was right when it was left and has been overtaken.
            }
        }
    }

    // Written but not recorded before a crash, or of jobs that have been done since.
    private void RemoveStrayCheckpoints()
    {
        foreach (string jobId in Artifacts.JobsWithCheckpoints())
        {
            Artifacts.RemoveCheckpoints(jobId, Jobs.CheckpointOf(jobId));
        }
    }

    private static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException || (problem is IOException && StorageFailure.From(problem) is null))
        {
            throw new InputException($"the data folder {path} cannot be made ({problem.Message}); name another with --data.", problem);
        }
    }

    private static string DatabaseIn(string folder) => Path.Combine(folder, "ser.db");
}
