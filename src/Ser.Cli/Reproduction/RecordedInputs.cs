using System.Security.Cryptography;
using Ser.Corpora;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Results;
using Ser.Stages;
using Ser.Stages.FineTune;

namespace Ser.Cli.Reproduction;

/// <summary>Corpus, weights and recordings of a recorded fold, proved by digest, put where the jobs of another store find them.</summary>
internal static class RecordedInputs
{
    private const int Named = 3;

    /// <param name="fold">Whose inputs.</param>
    /// <param name="from">Where their indexes are recorded.</param>
    /// <param name="to">The store of those who run it again.</param>
    /// <param name="corpus">Where the corpus is now; null: where it was.</param>
    /// <param name="weights">Where the weights are now; null: where they were.</param>
    /// <param name="folder">Where a synthetic corpus may be written.</param>
    /// <exception cref="InputException">Something is not there, or is not what was recorded.</exception>
    internal static void Put(RecordedFold fold, IArtifactStore from, IArtifactStore to, string? corpus, string? weights, string folder)
    {
        var recorded = fold.Sweep.Corpus;
        to.Put(ArtifactKeys.Corpus(recorded.Digest), CorpusFile.Write(corpus is null ? Checked(recorded) : Elsewhere(corpus, fold.Sweep, folder)));
        var spec = SpecJson.Read<FineTuneSpec>(fold[FineTuneStage.StageName].Spec);
        if (spec.Weights is { } asked)
        {
            string path = weights is not null ? Path.GetFullPath(weights) : WeightsFile.Read(from.Get(ArtifactKeys.Weights(asked.Digest)) ?? throw NoWeights(asked.Digest)).Path;
            to.Put(ArtifactKeys.Weights(asked.Digest), new WeightsFile(Digest(path) == asked.Digest ? path : throw NoWeights(asked.Digest, path)).Write());
        }
        else if (weights is not null)
        {
            throw new InputException($"--weights: {fold.Arm.Name} begins with no published weights ({spec.Preset}): leave it out");
        }

        foreach (string digest in new[] { spec.Recordings?.Noises, spec.Recordings?.Responses }.OfType<string>())
        {
            string key = ArtifactKeys.Recordings(digest);
            to.Put(key, from.Get(key) ?? throw new InputException($"the fold draws from recordings {digest}, which are not here: run it where the sweep was run"));
        }
    }

    private static Corpus Checked(Corpus corpus)
    {
        var wrong = corpus.Utterances.AsParallel().AsOrdered().Where(utterance => Digest(utterance.Path) != utterance.Sha256).Select(utterance => utterance.Path).ToList();
        string again = corpus.Kind == "synthetic" ? "synthetic" : $"{corpus.Kind}:PATH";
        return wrong.Count == 0 ? corpus : throw new InputException(
            $"{wrong.Count} of {corpus.Utterances.Count} recordings are not there, or not as they were ({string.Join(", ", wrong.Take(Named))}{(wrong.Count > Named ? ", …" : "")}): put them back, or give the corpus as --corpus {again}");
    }

    private static Corpus Elsewhere(string text, StoredSweep sweep, string folder)
    {
        var report = CorpusLoader.Load(CorpusKinds.Parse(text), sweep.Experiment.Classes, folder);
        if (report.Corpus is not { } corpus)
        {
            throw new InputException($"corpus {text} has problems:{Environment.NewLine}{CorpusReportText.Problems(report)}");
        }

        return corpus.Digest == sweep.Corpus.Digest ? corpus : throw new InputException(
            $"--corpus {text} is another corpus than the sweep's: {corpus.Utterances.Count} utterances with digest {corpus.Digest[..12]}…, and the sweep has {sweep.Corpus.Utterances.Count} with {sweep.Corpus.Digest[..12]}…");
    }

    private static string? Digest(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static InputException NoWeights(string digest, string? path = null) =>
        new($"{(path is null ? "the weights are not recorded here" : $"{path} is not there, or not the weights that were used")}: give the file with SHA-256 {digest} as --weights FILE");
}
