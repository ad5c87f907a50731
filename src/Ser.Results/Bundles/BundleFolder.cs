using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;

namespace Ser.Results.Bundles;

/// <summary>An unpacked bundle as a store of one sweep that can be looked at and no more.</summary>
public sealed class BundleFolder : ISweepReads
{
    private readonly Dictionary<string, BundledJob> jobs;
    private readonly SweepSnapshot sweep;

    private BundleFolder(string folder, string? name, string from)
    {
        Folder = folder;
        Bundle = Read<Bundle>(Bundle.FileName);
        var all = Read<List<BundledJob>>(Bundle.PlanName);
        jobs = all.DistinctBy(job => job.Job.Id).ToDictionary(job => job.Job.Id);
        sweep = new SweepSnapshot(name ?? Bundle.Sweep, File.ReadAllText(Path.Combine(folder, Bundle.DefinitionName)), Bundle.State, [.. all.Select(job => job.Job)]) { Imported = from };
        Artifacts = ArtifactFolder.Open(Path.Combine(folder, Bundle.Artifacts));
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>What it says of itself.</summary>
    public Bundle Bundle { get; }

    /// <summary>Accepted results, those of models and datastores perhaps without their weights.</summary>
    public IArtifactStore Artifacts { get; }

    /// <summary>Whether models and datastores are there.</summary>
    public bool HasWeights => Bundle.Files.Any(file => file.Name.EndsWith(BundleWriter.Weights, StringComparison.Ordinal));

    /// <summary>Unpacks and checks a bundle into a folder that is made.</summary>
    /// <exception cref="InputException">It is not sound.</exception>
    public static BundleFolder Unpack(string path, string folder, string from)
    {
        Directory.CreateDirectory(folder);
        BundleReader.Unpack(path, folder);
        return BundleCheck.Open(folder, null, from).Folder;
    }

    /// <summary>Opens one.</summary>
    /// <param name="folder">Where it was unpacked.</param>
    /// <param name="name">Name of the sweep here; null: as in the bundle.</param>
    /// <param name="from">Where it came from, for people.</param>
    public static BundleFolder Open(string folder, string? name, string from) => new(folder, name, from);

    /// <inheritdoc/>
    public IReadOnlyList<SweepSnapshot> Sweeps() => [sweep];

    /// <inheritdoc/>
    public SweepSnapshot Sweep(string name) => name == sweep.Name ? sweep : throw new InputException($"the bundle in {Folder} holds {sweep.Name} and no {name}");

    /// <inheritdoc/>
    public JobSnapshot Job(string id) => jobs.Values.Where(job => job.Job.Id.StartsWith(id, StringComparison.Ordinal)).ToList() is [var one]
        ? one.Job
        : throw new InputException($"not exactly one job's id in {sweep.Name} begins with {id}");

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, AcceptedResult> Results(IReadOnlyCollection<string> jobIds) =>
        Of(jobIds).Select(job => job.Job.Result).OfType<AcceptedResult>().ToDictionary(result => result.JobId);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JsonObject> Specs(IReadOnlyCollection<string> jobIds) => Of(jobIds).ToDictionary(job => job.Job.Id, job => job.Spec.DeepClone().AsObject());

    /// <inheritdoc/>
    public IReadOnlyList<EpochPoint> Points(string jobId) => jobs.TryGetValue(jobId, out var job) ? job.Points : [];

    /// <inheritdoc/>
    public IReadOnlyList<AttemptRecord> Attempts(string jobId) => jobs.TryGetValue(jobId, out var job) ? job.Attempts : [];

    private IEnumerable<BundledJob> Of(IReadOnlyCollection<string> jobIds) => jobIds.Distinct().Where(jobs.ContainsKey).Select(id => jobs[id]);

    private T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(Folder, name)), Bundle.Json)!;
}
