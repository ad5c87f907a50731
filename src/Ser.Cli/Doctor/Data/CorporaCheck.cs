using System.Security.Cryptography;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Stages;
using Ser.Storage.Data;

namespace Ser.Cli.Doctor.Data;

/// <summary>Whether every recording that a sweep of the data folder refers to still exists, and (deep) is unchanged.</summary>
internal sealed class CorporaCheck(string dataFolder, bool deep) : FolderCheck("corpora", dataFolder)
{
    private const string Cure = "put the recordings back; finished sweeps keep their results, "
        + "but cannot be resumed or reproduced without the recordings";

    protected override Finding InspectFolder()
    {
        using var data = DataFolder.OpenForReading(Folder);
        string[] digests = [.. data.Reads.Sweeps().Select(sweep => SweepDefinition.Parse(sweep.Definition).Corpus).Distinct()];
        int recordings = 0;
        var problems = new List<string>();
        foreach (string digest in digests)
        {
            if (data.Artifacts.Get(ArtifactKeys.Corpus(digest)) is not { } index)
            {
                problems.Add($"the index of corpus {digest[..12]} is missing from {Folder}");
                continue;
            }

            var corpus = CorpusFile.Read(index);
            recordings += corpus.Utterances.Count;
            if (CorpusDigest.Compute(corpus.Classes, corpus.Utterances) != digest)
            {
                problems.Add($"the index of corpus {digest[..12]} is damaged");
            }

            problems.AddRange(corpus.Utterances.AsParallel().AsOrdered().Select(Problem).OfType<string>());
        }

        if (problems.Count > 0)
        {
            return Finding.Failure($"{problems[0]}{(problems.Count > 1 ? $", and {problems.Count - 1} more" : "")}", Cure);
        }

        string corpora = digests.Length == 1 ? "1 corpus" : $"{digests.Length} corpora";
        string state = deep ? "each with the digest that was submitted" : "all present (--deep compares digests)";
        return Finding.Ok($"{corpora}, {Plural.Count(recordings, "recording")}, {state}");
    }

    private string? Problem(Utterance utterance)
    {
        var file = new FileInfo(utterance.Path);
        if (!file.Exists || file.Length == 0)
        {
            return $"{utterance.Path} is {(file.Exists ? "empty" : "missing")}";
        }

        if (!deep)
        {
            return null;
        }

        using var stream = file.OpenRead();
        bool isUnchanged = Convert.ToHexStringLower(SHA256.HashData(stream)) == utterance.Sha256;
        return isUnchanged ? null : $"{utterance.Path} is not the recording that was submitted";
    }
}
