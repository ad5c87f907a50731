using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Reporting.Notebooks;
using Ser.Reporting.Report;
using Ser.Reporting.Results;
using Ser.Stages;
using Ser.Storage.Artifacts;

namespace Ser.Results.Bundles;

/// <summary>Exports a sweep as a zip file that can be checked on another machine, without the corpus.</summary>
public static class BundleWriter
{
    // All entries have the earliest time that zip supports, so that equal sweeps give equal bytes.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal const string Weights = ".safetensors";

    /// <summary>Writes the bundle to <paramref name="path"/> atomically.</summary>
    /// <param name="reads">Store of the jobs.</param>
    /// <param name="artifacts">Store of their results.</param>
    /// <param name="sweep">Name of the sweep.</param>
    /// <param name="path">The file, which must not exist.</param>
    /// <param name="weights">Whether to include models and datastores.</param>
    /// <exception cref="InputException">There is no such sweep, or the file exists.</exception>
    /// <exception cref="StorageException">A result is damaged.</exception>
    public static Bundle Write(ISweepReads reads, IArtifactStore artifacts, string sweep, string path, bool weights)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw new InputException($"{path} already exists: give another name, or delete it");
        }

        var stored = StoredSweep.Read(reads, artifacts, sweep);
        string scratch = Directory.CreateTempSubdirectory("ser-export-").FullName;
        try
        {
            Bundle? written = null;
            DurableFiles.Write(path, part => written = WriteZip(part, stored, reads, artifacts, weights, scratch));
            return written!;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static Bundle WriteZip(
        string path,
        StoredSweep stored,
        ISweepReads reads,
        IArtifactStore artifacts,
        bool weights,
        string scratch)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        var files = new List<BundleFile>();
        var input = StoredResults.ReadInput(artifacts, stored);
        var results = ResultsComputation.Compute(input);
        Add(zip, files, Bundle.DefinitionName, Encoding.UTF8.GetBytes(stored.Snapshot.Definition));
        Add(zip, files, Bundle.PlanName, JsonSerializer.SerializeToUtf8Bytes(Jobs(stored.Snapshot, reads), Bundle.Json));
        byte[] corpus = CorpusFile.Write(BundledCorpus.WithoutAbsolutePaths(stored.Corpus));
        Add(zip, files, Bundle.Artifacts + ArtifactKeys.Corpus(stored.Corpus.Digest), corpus);
        Add(zip, files, Bundle.ResultsName, Encoding.UTF8.GetBytes(ResultsJson.Write(results)));
        var accepted = stored.Snapshot.Jobs.Select(job => job.Result).OfType<JobResult>();
        foreach (var result in accepted.OrderBy(result => (result.Stage, result.JobId)))
        {
            AddResult(zip, files, artifacts, result, weights);
        }

        string name = stored.Snapshot.Name;
        ReportFolder.Write(Path.Combine(scratch, "report"), name, Sections.Create(StoredReport.Read(reads, artifacts, name)));
        if (NotebookFiles.HasRows(input))
        {
            Directory.CreateDirectory(Path.Combine(scratch, "tables"));
            NotebookFiles.WriteParquet(Path.Combine(scratch, "tables"), input, stored.Corpus);
        }

        foreach (string file in Directory.EnumerateFiles(scratch, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            AddFile(zip, files, Path.GetRelativePath(scratch, file).Replace('\\', '/'), file);
        }

        var bundle = new Bundle(
            Bundle.ThisFormat,
            name,
            stored.Snapshot.State,
            Version,
            stored.Corpus.Digest,
            results.Digest,
            files);
        Add(zip, [], Bundle.FileName, JsonSerializer.SerializeToUtf8Bytes(bundle, Bundle.Json));
        return bundle;
    }

    private static string Version =>
        typeof(BundleWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static List<BundledJob> Jobs(SweepSnapshot sweep, ISweepReads reads)
    {
        string[] ids = [.. sweep.Jobs.Select(job => job.Id)];
        var specs = reads.Specs(ids);
        var attempts = reads.AttemptsByJob(ids, withLogs: false);
        var curves = reads.LearningCurves(ids);
        BundledJob ToBundled(JobSnapshot job) => new(job, specs[job.Id], [.. attempts[job.Id]], [.. curves[job.Id]]);
        return sweep.Jobs.Select(ToBundled).ToList();
    }

    // Small files are read one by one, so that an export without weights does not download whole results.
    private static void AddResult(ZipArchive zip, List<BundleFile> files, IArtifactStore artifacts, JobResult result, bool weights)
    {
        string folder = ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt);
        Add(zip, files, Bundle.Artifacts + folder + ArtifactKeys.ManifestName, artifacts.Get(folder + ArtifactKeys.ManifestName)!);
        foreach (var file in artifacts.ReadManifest(result).Files)
        {
            string name = Bundle.Artifacts + folder + file.Name;
            if (!file.Name.EndsWith(Weights, StringComparison.Ordinal))
            {
                Add(zip, files, name, artifacts.Get(folder + file.Name) ?? []);
            }
            else if (weights)
            {
                AddFile(zip, files, name, Path.Combine(artifacts.Open(result), file.Name));
            }
            else
            {
                continue;
            }

            if (files[^1].Sha256 != file.Sha256)
            {
                throw new StorageException(
                    $"{folder}{file.Name} does not match its manifest: restore it, or make it again "
                    + $"(ser retry {result.JobId}, then ser resume)");
            }
        }
    }

    private static void AddFile(ZipArchive zip, List<BundleFile> files, string name, string path)
    {
        using var file = File.OpenRead(path);
        Add(zip, files, name, file);
    }

    private static void Add(ZipArchive zip, List<BundleFile> files, string name, byte[] bytes)
    {
        using var memory = new MemoryStream(bytes);
        Add(zip, files, name, memory);
    }

    private static void Add(ZipArchive zip, List<BundleFile> files, string name, Stream content)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = NoTime;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = entry.Open();
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        for (int read; (read = content.Read(buffer)) > 0; length += read)
        {
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }

        files.Add(new BundleFile(name, length, Convert.ToHexStringLower(hash.GetHashAndReset())));
    }
}
