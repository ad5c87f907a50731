using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;

namespace Ser.Results.Bundles;

/// <summary>An unpacked bundle as a read-only store of one sweep.</summary>
public sealed class BundleFolder : ISweepReads
{
    private readonly Dictionary<string, BundledJob> _jobs;
    private readonly SweepSnapshot _sweep;

    private BundleFolder(string folder, string? name, string from)
    {
        Folder = folder;
        Bundle = Read<Bundle>(Bundle.FileName);
        var plan = Read<JsonNode>(Bundle.PlanName);
        EarlierNames.Replace(plan);
        var all = plan.Deserialize<List<BundledJob>>(Bundle.Json)!;
        _jobs = all.DistinctBy(job => job.Job.Id).ToDictionary(job => job.Job.Id);
        string definition = File.ReadAllText(Path.Combine(folder, Bundle.DefinitionName));
        _sweep = new SweepSnapshot(name ?? Bundle.Sweep, definition, Bundle.State, [.. all.Select(job => job.Job)]) { Imported = from };
        Artifacts = ArtifactFolder.Open(Path.Combine(folder, Bundle.Artifacts));
    }

    /// <summary>Folder of the unpacked bundle.</summary>
    public string Folder { get; }

    /// <summary>Index of the bundle.</summary>
    public Bundle Bundle { get; }

    /// <summary>Accepted results. Models and datastores may lack their weights.</summary>
    public IArtifactStore Artifacts { get; }

    /// <summary>Whether the bundle contains models and datastores.</summary>
    public bool HasWeights => Bundle.Files.Any(file => file.Name.EndsWith(BundleWriter.Weights, StringComparison.Ordinal));

    /// <summary>Unpacks a bundle into a new folder and checks it.</summary>
    /// <exception cref="InputException">The bundle is invalid.</exception>
    public static BundleFolder Unpack(string path, string folder, string from)
    {
        Directory.CreateDirectory(folder);
        BundleReader.Unpack(path, folder);
        return BundleCheck.Open(folder, null, from).Folder;
    }

    /// <summary>Opens an unpacked bundle without checking it.</summary>
    /// <param name="folder">Folder of the unpacked bundle.</param>
    /// <param name="name">Name to give the sweep; null for the name in the bundle.</param>
    /// <param name="from">Source of the bundle, for display.</param>
    public static BundleFolder Open(string folder, string? name, string from) => new(folder, name, from);

    /// <inheritdoc/>
    public IReadOnlyList<SweepSnapshot> Sweeps() => [_sweep];

    /// <inheritdoc/>
    public SweepSnapshot Sweep(string name) => name == _sweep.Name
        ? _sweep
        : throw new InputException($"the bundle in {Folder} contains {_sweep.Name}, not {name}");

    /// <inheritdoc/>
    public JobSnapshot Job(string id)
    {
        var matching = _jobs.Values.Where(job => job.Job.Id.StartsWith(id, StringComparison.Ordinal)).ToList();
        return matching is [var single]
            ? single.Job
            : throw new InputException($"no job of {_sweep.Name}, or more than one, has an id that starts with {id}");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JobResult> Results(IReadOnlyCollection<string> jobIds) =>
        Find(jobIds).Select(job => job.Job.Result).OfType<JobResult>().ToDictionary(result => result.JobId);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JsonObject> Specs(IReadOnlyCollection<string> jobIds) =>
        Find(jobIds).ToDictionary(job => job.Job.Id, job => job.Spec.DeepClone().AsObject());

    /// <inheritdoc/>
    public ILookup<string, EpochPoint> LearningCurves(IReadOnlyCollection<string> jobIds) =>
        (from job in Find(jobIds) from point in job.Points select (job.Job.Id, Point: point))
        .ToLookup(row => row.Id, row => row.Point);

    /// <inheritdoc/>
    public ILookup<string, AttemptRecord> AttemptsByJob(IReadOnlyCollection<string> jobIds, bool withLogs) =>
        (from job in Find(jobIds) from attempt in job.Attempts select (job.Job.Id, Attempt: attempt))
        .ToLookup(row => row.Id, row => row.Attempt);

    private IEnumerable<BundledJob> Find(IReadOnlyCollection<string> jobIds) =>
        jobIds.Distinct().Where(_jobs.ContainsKey).Select(id => _jobs[id]);

    private T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(Folder, name)), Bundle.Json)!;
}
