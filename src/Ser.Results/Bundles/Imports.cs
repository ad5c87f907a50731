using System.Security.Cryptography;
using System.Text.Json;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Data;

namespace Ser.Results.Bundles;

/// <summary>Sweeps of a data folder that came as bundles: imports/{name}/, beside the jobs and never among them, so that nobody's results are taken for one's own.</summary>
/// <param name="data">The data folder.</param>
public sealed class Imports(string data)
{
    private const string NoteName = "import.json";
    private const int LongestName = 100;

    private string Root => Path.Combine(Path.GetFullPath(data), "imports");

    /// <summary>Every one, by name.</summary>
    public IReadOnlyList<BundleFolder> All() => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root).Where(folder => File.Exists(Path.Combine(folder, NoteName))).Order(StringComparer.Ordinal).Select(folder => Open(Path.GetFileName(folder)))]
        : [];

    /// <summary>One by its name here, or null.</summary>
    public BundleFolder? Find(string name) => IsName(name) && File.Exists(Path.Combine(Root, name, NoteName)) ? Open(name) : null;

    /// <summary>Refuses what can be done with one's own sweeps alone.</summary>
    /// <exception cref="InputException">The sweep is an imported one.</exception>
    public void Refuse(string name, string what)
    {
        if (Find(name) is { } import)
        {
            throw new InputException(
                $"{name} was imported ({import.Sweeps()[0].Imported}) and cannot be {what}: its results can be looked at, its jobs are not here. With the corpus at hand run its experiment under another name, or one fold: ser reproduce {name} --corpus KIND:PATH");
        }
    }

    /// <summary>Checks a bundle and keeps it. Nothing is changed unless all of it is sound.</summary>
    /// <param name="path">The bundle.</param>
    /// <param name="name">Name of the sweep here; null: as in the bundle.</param>
    /// <exception cref="InputException">It is not sound, or the name is taken by something else.</exception>
    public (BundleFolder Folder, BundleFindings Findings) Take(string path, string? name)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"there is no bundle {Path.GetFullPath(path)}: ser export SWEEP FILE writes one");
        }

        string part = Path.Combine(Root, $".part-{Environment.ProcessId}");
        string[] made = [.. new[] { Root, Path.GetFullPath(data) }.Where(folder => !Directory.Exists(folder))];
        try
        {
            Directory.CreateDirectory(part);
            var bundle = BundleReader.Unpack(path, part);
            string here = name ?? bundle.Sweep;
            if (!IsName(here))
            {
                throw new InputException($"'{here}' is no name of a sweep: at most {LongestName} characters without slashes; give another with --as");
            }

            string from = Path.GetFileName(path), digest = Digest(path);
            var (_, findings) = BundleCheck.Open(part, here, from);
            Place(part, here, new ImportNote(from, digest));
            return (Open(here), findings);
        }
        finally
        {
            if (Directory.Exists(part))
            {
                Directory.Delete(part, recursive: true);
            }

            foreach (string folder in made.Where(folder => Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                Directory.Delete(folder);
            }
        }
    }

    private void Place(string part, string name, ImportNote note)
    {
        string target = Path.Combine(Root, name);
        if (Directory.Exists(target))
        {
            if (Note(name).Sha256 != note.Sha256)
            {
                throw new InputException($"another bundle was imported as {name} before: give another name with --as, or remove {target}");
            }

            return;
        }

        if (DataFolder.Exists(data))
        {
            using var opened = DataFolder.OpenForReading(data);
            if (opened.Reads.Sweeps().Any(sweep => sweep.Name == name))
            {
                throw new InputException($"{name} is a sweep of this data folder: give the imported one another name with --as");
            }
        }

        File.WriteAllBytes(Path.Combine(part, NoteName), JsonSerializer.SerializeToUtf8Bytes(note, Bundle.Json));
        Directory.Move(part, target);
    }

    private BundleFolder Open(string name) => BundleFolder.Open(Path.Combine(Root, name), name, Note(name).From);

    private ImportNote Note(string name) => JsonSerializer.Deserialize<ImportNote>(File.ReadAllBytes(Path.Combine(Root, name, NoteName)), Bundle.Json)!;

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.Trim() == name && !name.StartsWith('.') && !name.Any(c => char.IsControl(c) || c is '/' or '\\' or ':');

    private static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private sealed record ImportNote(string From, string Sha256);
}

/// <summary>Where a sweep can be looked at: among the jobs of a data folder, or as it was imported.</summary>
public sealed record SweepSource(ISweepReads Reads, IArtifactStore Artifacts)
{
    /// <summary>Finds it.</summary>
    public static SweepSource Of(DataFolder data, string sweep) =>
        new Imports(data.Folder).Find(sweep) is { } import ? new(import, import.Artifacts) : new(data.Reads, data.Artifacts);
}
