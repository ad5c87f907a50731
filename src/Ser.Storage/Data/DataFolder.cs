using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;

namespace Ser.Storage.Data;

/// <summary>A data folder: ser.db, artifacts/, work/ and the runner's lock. It has at most one runner and any number of readers.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly RunnerLock? _lock;
    private readonly SqliteDatabase _database;

    private DataFolder(string folder, RunnerLock? held, LeaseSettings leases)
    {
        Folder = folder;
        _lock = held;
        _database = new SqliteDatabase(DatabaseIn(folder));
        Jobs = JobPorts.Create(_database, leases);
        Reads = new JobReads(_database);
        Artifacts = new FileArtifacts(Path.Combine(folder, "artifacts"));
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Whether this process is the folder's runner.</summary>
    public bool IsRunner => _lock is not null;

    /// <summary>The ports of the job store. Without the lock only <see cref="IRunnerRequests.AddRequest"/> may be called.</summary>
    public JobPorts Jobs { get; }

    /// <summary>Read access to the jobs.</summary>
    public IJobReads Reads { get; }

    /// <summary>Results, checkpoints, small inputs.</summary>
    public IArtifactStore Artifacts { get; }

    /// <summary>Where attempts put their files before they are published; emptied when a runner opens the folder.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>Files that jobs share and that can be recomputed. May be deleted while nothing runs.</summary>
    public string Cache => Path.Combine(Folder, "cache");

    /// <summary>Opens a folder as its runner, creating it if need be. Leases of an earlier runner end.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">The command of this process, for the error message of a second runner.</param>
    /// <param name="leases">Durations of leases; null: the defaults.</param>
    /// <exception cref="InputException">Another runner holds it, or it is from another version.</exception>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public static DataFolder OpenAsRunner(string folder, string command, LeaseSettings? leases = null)
    {
        string path = Path.GetFullPath(folder);
        try
        {
            Create(path);
            new SqliteDatabase(DatabaseIn(path)).RefuseUnknownSchema();
            return OpenWithLock(path, RunnerLock.Take(path, command), leases);
        }
        catch (Exception problem) when (StorageFailure.From(problem) is { } storage)
        {
            throw storage;
        }
    }

    /// <summary>Whether the folder has a runner now, in this process or another.</summary>
    public bool HasRunner => IsRunner || RunnerLock.IsHeld(Folder);

    /// <summary>Describes the process that is the folder's runner now; null: there is none.</summary>
    public static string? DescribeRunner(string folder)
    {
        string path = Path.GetFullPath(folder);
        return RunnerLock.IsHeld(path) ? RunnerLock.DescribeHolder(path) ?? "an unknown process" : null;
    }

    /// <summary>Whether a runner has ever opened the folder.</summary>
    public static bool Exists(string folder) => File.Exists(DatabaseIn(Path.GetFullPath(folder)));

    /// <summary>Opens a folder for reading, or to leave a request for its runner.</summary>
    /// <exception cref="InputException">The folder does not exist, is not a data folder, or is from another version.</exception>
    public static DataFolder OpenForReading(string folder)
    {
        string path = Path.GetFullPath(folder);
        if (!File.Exists(DatabaseIn(path)))
        {
            string missing = Path.GetFileName(DatabaseIn(path));
            throw new InputException(
                $"{path} is not a data folder ({missing} does not exist); give the folder of an earlier `ser run` with --data.");
        }

        var opened = new DataFolder(path, null, new LeaseSettings());
        opened._database.RequireCurrentSchema();
        return opened;
    }

    /// <summary>
    /// Cancels a sweep: at once if the folder has no runner, otherwise by a request that the runner handles within about a second.
    /// </summary>
    /// <returns>Number of cancelled jobs; null: left to the runner.</returns>
    /// <exception cref="InputException">No such folder or sweep.</exception>
    public static int? Cancel(string folder, string sweep)
    {
        void CheckSweep(DataFolder data) => data.Reads.Sweep(sweep);
        int CancelNow(DataFolder data) => data.Jobs.Sweeps.CancelSweep(sweep);
        return ActOrRequest(folder, "ser cancel", CheckSweep, CancelNow, new RunnerRequest(RequestKind.CancelSweep, sweep));
    }

    /// <summary>
    /// Makes a job ready again that failed or was cancelled, or whose accepted result is damaged: at once if the folder has no runner,
    /// otherwise by a request.
    /// </summary>
    /// <returns>Number of jobs made ready; null: left to the runner.</returns>
    /// <exception cref="InputException">No such folder or job, or nothing to retry.</exception>
    public static int? Retry(string folder, string jobId)
    {
        JobSnapshot job;
        using (var data = OpenForReading(folder))
        {
            job = data.Reads.Job(jobId);
            if (job.Result is { } result && IsIntact(data, result))
            {
                throw new InputException(
                    $"{job.Title}, {job.Stage} ({job.Id[..12]}) is done and its result is intact: there is nothing to retry.");
            }
        }

        if (job.Result is { } damaged)
        {
            using var runner = OpenAsRunner(folder, "ser retry");
            return runner.Jobs.Sweeps.Discard(damaged) ? 1 : 0;
        }

        void CheckJob(DataFolder data) => data.Reads.Job(job.Id);
        int RetryNow(DataFolder data) => data.Jobs.Sweeps.RetryJob(job.Id);
        return ActOrRequest(folder, "ser retry", CheckJob, RetryNow, new RunnerRequest(RequestKind.RetryJob, job.Id));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _database.ClosePool();
        _lock?.Dispose();
    }

    private static bool IsIntact(DataFolder data, JobResult result) => data.Artifacts.Verify(result) is null;

    private static int? ActOrRequest(
        string folder,
        string command,
        Action<DataFolder> check,
        Func<DataFolder, int> action,
        RunnerRequest request)
    {
        using (var reader = OpenForReading(folder))
        {
            check(reader);
            var held = RunnerLock.TryTake(reader.Folder, command);
            if (held is null)
            {
                reader.Jobs.Requests.AddRequest(request);
                return null;
            }

            using var runner = OpenWithLock(reader.Folder, held, null);
            return action(runner);
        }
    }

    private static DataFolder OpenWithLock(string path, RunnerLock held, LeaseSettings? leases)
    {
        try
        {
            var opened = new DataFolder(path, held, leases ?? new LeaseSettings());
            opened._database.Migrate();
            opened.Jobs.Supervision.ExpireLeases("the process that ran it ended");
            opened.HandlePendingRequests();
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

    // Requests that an earlier runner did not see before it ended. Handled before anything new is submitted, since they precede it.
    private void HandlePendingRequests()
    {
        foreach (var request in Jobs.Requests.TakeRequests())
        {
            try
            {
                Jobs.Sweeps.Execute(request);
            }
            catch (InputException)
            {
                // The request was valid when it was left, but its target has changed since.
            }
        }
    }

    // Checkpoints that were written but not recorded before a crash, or whose jobs are done.
    private void RemoveStrayCheckpoints()
    {
        var jobIds = Artifacts.JobsWithCheckpoints();
        var recorded = Jobs.Leases.LatestCheckpoints(jobIds);
        foreach (string jobId in jobIds)
        {
            Artifacts.RemoveCheckpoints(jobId, recorded.GetValueOrDefault(jobId));
        }
    }

    private static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception problem) when (IsUnusablePath(problem))
        {
            throw new InputException(
                $"the data folder {path} cannot be created ({problem.Message}); give another folder with --data.", problem);
        }
    }

    private static bool IsUnusablePath(Exception problem) =>
        problem is UnauthorizedAccessException || (problem is IOException && StorageFailure.From(problem) is null);

    private static string DatabaseIn(string folder) => Path.Combine(folder, "ser.db");
}
