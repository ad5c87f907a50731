using System.Security.Cryptography;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Stages;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether every weights file that a sweep of the data folder refers to still exists, and (deep) is unchanged.</summary>
internal sealed class WeightsCheck(string dataFolder, bool deep) : FolderCheck("weights", dataFolder)
{
    protected override Finding InspectFolder()
    {
        using var data = DataFolder.OpenForReading(Folder);
        var definitions = data.Reads.Sweeps().Select(sweep => SweepDefinition.Parse(sweep.Definition));
        string[] digests = [.. definitions.SelectMany(definition => definition.WeightsDigests ?? []).Distinct()];
        string[] problems = [.. digests.Select(digest => Problem(data.Artifacts, digest)).OfType<string>()];
        if (problems.Length > 0)
        {
            return Finding.Failure(
                string.Join("; ", problems),
                "put the file back; models that are already fine-tuned do not need it, new ones do");
        }

        string state = deep ? "each with the digest that was submitted" : "all present (--deep compares digests)";
        return Finding.Ok(digests.Length == 0 ? "no sweep uses a weights file" : $"{Plural.Count(digests.Length, "file")}, {state}");
    }

    private string? Problem(IArtifactStore artifacts, string digest)
    {
        if (artifacts.Get(ArtifactKeys.Weights(digest)) is not { } stored)
        {
            return $"the path of the weights {digest[..12]} is no longer recorded";
        }

        string path = WeightsFile.Read(stored).Path;
        if (!File.Exists(path))
        {
            return $"{path} is missing";
        }

        if (!deep)
        {
            return null;
        }

        using var stream = File.OpenRead(path);
        bool isUnchanged = Convert.ToHexStringLower(SHA256.HashData(stream)) == digest;
        return isUnchanged ? null : $"{path} is not the file that was submitted";
    }
}
