using System.Security.Cryptography;
using System.Text.Json;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Data;

namespace Ser.Results.Bundles;

/// <summary>
/// Imported sweeps of a data folder, in imports/{name}/. They are kept apart from the folder's own jobs, so that imported results are never
/// reused as own results.
/// </summary>
/// <param name="data">The data folder.</param>
public sealed class ImportedSweeps(string data)
{
    private const string NoteName = "import.json";
    private const int MaxNameLength = 100;

    private string Root => Path.Combine(Path.GetFullPath(data), "imports");

    /// <summary>Returns all imported sweeps, ordered by name.</summary>
    public IReadOnlyList<BundleFolder> All()
    {
        if (!Directory.Exists(Root))
        {
            return [];
        }

        var folders = Directory.EnumerateDirectories(Root).Where(folder => File.Exists(Path.Combine(folder, NoteName)));
        return [.. folders.Order(StringComparer.Ordinal).Select(folder => Open(Path.GetFileName(folder)))];
    }

    /// <summary>Returns the imported sweep with this name, or null.</summary>
    public BundleFolder? Find(string name) => IsName(name) && File.Exists(Path.Combine(Root, name, NoteName)) ? Open(name) : null;

    /// <summary>Rejects an action that imported sweeps do not support.</summary>
    /// <param name="name">Name of a sweep.</param>
    /// <param name="what">The action as a past participle, such as "resumed".</param>
    /// <exception cref="InputException">The sweep was imported.</exception>
    public void RejectIfImported(string name, string what)
    {
        if (Find(name) is { } import)
        {
            throw new InputException(
                $"{name} was imported ({import.Sweeps()[0].Imported}) and cannot be {what}: it has results but no jobs. "
                + "If you have the corpus, run its experiment under another name, or reproduce one fold: "
                + $"ser reproduce {name} --corpus KIND:PATH");
        }
    }

    /// <summary>Checks and imports a bundle. An invalid bundle changes nothing.</summary>
    /// <param name="path">The bundle.</param>
    /// <param name="name">Name to give the sweep; null for the name in the bundle.</param>
    /// <exception cref="InputException">The bundle is invalid, or the name is already in use.</exception>
    public CheckedBundle Import(string path, string? name)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"there is no bundle {Path.GetFullPath(path)}: create one with ser export SWEEP FILE");
        }

        string part = Path.Combine(Root, $".part-{Environment.ProcessId}");
        string[] created = [.. new[] { Root, Path.GetFullPath(data) }.Where(folder => !Directory.Exists(folder))];
        try
        {
            Directory.CreateDirectory(part);
            var bundle = BundleReader.Unpack(path, part);
            string target = name ?? bundle.Sweep;
            if (!IsName(target))
            {
                throw new InputException(
                    $"'{target}' is not a valid name of a sweep: give at most {MaxNameLength} characters without slashes with --as");
            }

            string from = Path.GetFileName(path);
            var note = new ImportNote(from, Digest(path));
            var findings = BundleCheck.Open(part, target, from).Findings;
            MoveIntoPlace(part, target, note);
            return new CheckedBundle(Open(target), findings);
        }
        finally
        {
            if (Directory.Exists(part))
            {
                Directory.Delete(part, recursive: true);
            }

            foreach (string folder in created.Where(IsEmptyFolder))
            {
                Directory.Delete(folder);
            }
        }
    }

    private static bool IsEmptyFolder(string folder) =>
        Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any();

    private void MoveIntoPlace(string part, string name, ImportNote note)
    {
        string target = Path.Combine(Root, name);
        if (Directory.Exists(target))
        {
            if (ReadNote(name).Sha256 != note.Sha256)
            {
                throw new InputException($"another bundle was already imported as {name}: give another name with --as, or delete {target}");
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

    private BundleFolder Open(string name) => BundleFolder.Open(Path.Combine(Root, name), name, ReadNote(name).From);

    private ImportNote ReadNote(string name)
    {
        byte[] json = File.ReadAllBytes(Path.Combine(Root, name, NoteName));
        return JsonSerializer.Deserialize<ImportNote>(json, Bundle.Json)!;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name.Trim() == name
        && !name.StartsWith('.')
        && !name.Any(c => char.IsControl(c) || c is '/' or '\\' or ':');

    private static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private sealed record ImportNote(string From, string Sha256);
}

/// <summary>Where a sweep can be read: in the stores of a data folder, or in an imported bundle.</summary>
public sealed record SweepSource(ISweepReads Reads, IArtifactStore Artifacts)
{
    /// <summary>Finds the source of a sweep.</summary>
    public static SweepSource Find(DataFolder data, string sweep) =>
        new ImportedSweeps(data.Folder).Find(sweep) is { } import ? new(import, import.Artifacts) : new(data.Reads, data.Artifacts);
}
