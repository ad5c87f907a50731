using System.Security.Cryptography;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Stages;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether every recording that a sweep of the data folder refers to is still there, and (deep) still the same.</summary>
internal sealed class CorporaCheck(string dataFolder, bool deep) : FolderCheck("corpora", dataFolder)
{
    private const string Cure = "put back what was submitted; sweeps that are done stay as they are, but cannot be made again or gone on with";

    protected override Finding LookInside()
    {
        using var data = DataFolder.OpenForReading(Folder);
        string[] digests = [.. data.Reads.Sweeps().Select(sweep => SweepDefinition.Parse(sweep.Definition).Corpus).Distinct()];
        int recordings = 0;
        var problems = new List<string>();
        foreach (string digest in digests)
        {
            if (data.Artifacts.Get(ArtifactKeys.Corpus(digest)) is not { } index)
            {
                problems.Add($"the index of corpus {digest[..12]} is gone from {Folder}");
                continue;
            }

            var corpus = CorpusFile.Read(index);
            recordings += corpus.Utterances.Count;
            if (CorpusDigest.Of(corpus.Classes, corpus.Utterances) != digest)
            {
                problems.Add($"the index of corpus {digest[..12]} is damaged");
            }

            problems.AddRange(corpus.Utterances.AsParallel().AsOrdered().Select(Problem).OfType<string>());
        }

        return problems.Count > 0
            ? Finding.Failure($"{problems[0]}{(problems.Count > 1 ? $", and {problems.Count - 1} more" : "")}", Cure)
            : Finding.Ok($"{digests.Length} corp{(digests.Length == 1 ? "us" : "ora")}, {recordings} recordings, {(deep ? "each with the digest that was submitted" : "all there (--deep compares digests)")}");
    }

    private string? Problem(Utterance utterance)
    {
        var file = new FileInfo(utterance.Path);
        if (!file.Exists || file.Length == 0)
        {
            return $"{utterance.Path} is {(file.Exists ? "empty" : "gone")}";
        }

        if (!deep)
        {
            return null;
        }

        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == utterance.Sha256 ? null : $"{utterance.Path} is not the recording that was submitted";
    }
}
