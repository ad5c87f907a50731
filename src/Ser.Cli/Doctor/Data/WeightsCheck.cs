using System.Security.Cryptography;
using Ser.Domain.Artifacts;
using Ser.Stages;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether every weights file that a sweep of the data folder refers to is still there, and (deep) still the same.</summary>
internal sealed class WeightsCheck(string dataFolder, bool deep) : FolderCheck("weights", dataFolder)
{
    protected override Finding LookInside()
    {
        using var data = DataFolder.OpenForReading(Folder);
        string[] digests = [.. data.Reads.Sweeps().SelectMany(sweep => SweepDefinition.Parse(sweep.Definition).WeightsDigests ?? []).Distinct()];
        string[] problems = [.. digests.Select(digest => Problem(data.Artifacts, digest)).OfType<string>()];
        return problems.Length > 0
            ? Finding.Failure(string.Join("; ", problems), "put the file back where it was; models that are fine-tuned already do not need it, new ones do")
            : Finding.Ok(digests.Length == 0 ? "no sweep begins with a weights file" : $"{digests.Length} file{(digests.Length == 1 ? "" : "s")}, {(deep ? "each with the digest that was submitted" : "all there (--deep compares digests)")}");
    }

    private string? Problem(IArtifactStore artifacts, string digest)
    {
        if (artifacts.Get(ArtifactKeys.Weights(digest)) is not { } stored)
        {
            return $"where the weights {digest[..12]} are is not known any more";
        }

        string path = WeightsFile.Read(stored).Path;
        if (!File.Exists(path))
        {
            return $"{path} is gone";
        }

        if (!deep)
        {
            return null;
        }

        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == digest ? null : $"{path} is not the file that was submitted";
    }
}
