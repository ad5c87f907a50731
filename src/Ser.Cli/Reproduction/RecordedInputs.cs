using System.Security.Cryptography;
using Ser.Corpora;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Results;
using Ser.Stages;
using Ser.Stages.FineTune;

namespace Ser.Cli.Reproduction;

/// <summary>Copies the inputs of a recorded fold (corpus, weights, recordings) into another store, after checking their digests.</summary>
internal static class RecordedInputs
{
    private const int NamedRecordings = 3;

    /// <param name="fold">The fold whose inputs are needed.</param>
    /// <param name="from">The store in which their indexes are recorded.</param>
    /// <param name="to">The store of the jobs that are run again.</param>
    /// <param name="corpus">Where the corpus is now; null: where it was.</param>
    /// <param name="weights">Where the weights are now; null: where they were.</param>
    /// <param name="folder">Where a synthetic corpus may be written.</param>
    /// <exception cref="InputException">Something is missing, or is not what was recorded.</exception>
    internal static void Copy(RecordedFold fold, IArtifactStore from, IArtifactStore to, string? corpus, string? weights, string folder)
    {
        var recorded = fold.Sweep.Corpus;
        var current = corpus is null ? WithCheckedRecordings(recorded) : LoadMovedCorpus(corpus, fold.Sweep, folder);
        to.Put(ArtifactKeys.Corpus(recorded.Digest), CorpusFile.Write(current));
        var recordedSpec = fold[FineTuneStage.StageName].Spec;
        var spec = BaselineSpec.IsOfBaseline(recordedSpec) ? null : SpecJson.Read<FineTuneSpec>(recordedSpec);
        if (spec?.Weights is { } recordedWeights)
        {
            PutWeights(recordedWeights.Digest, from, to, weights);
        }
        else if (weights is not null)
        {
            string preset = spec?.Preset ?? EncoderSettings.Mfcc;
            throw new InputException($"--weights: {fold.Arm.Name} uses no published weights ({preset}): leave it out");
        }

        foreach (string digest in new[] { spec?.Recordings?.Noises, spec?.Recordings?.Responses }.OfType<string>())
        {
            string key = ArtifactKeys.Recordings(digest);
            to.Put(key, from.Get(key)
                ?? throw new InputException($"the fold uses recordings {digest}, which are not here: run it where the sweep was run"));
        }
    }

    private static void PutWeights(string digest, IArtifactStore from, IArtifactStore to, string? movedTo)
    {
        string key = ArtifactKeys.Weights(digest);
        string path = movedTo is not null
            ? Path.GetFullPath(movedTo)
            : WeightsFile.Read(from.Get(key) ?? throw NoWeights("the weights are not recorded here", digest)).Path;
        if (Digest(path) != digest)
        {
            throw NoWeights($"{path} does not exist, or is not the weights file that was used", digest);
        }

        to.Put(key, new WeightsFile(path).Write());
    }

    private static InputException NoWeights(string problem, string digest) =>
        new($"{problem}: give the file with SHA-256 {digest} as --weights FILE");

    private static Corpus WithCheckedRecordings(Corpus corpus)
    {
        var changed = corpus.Utterances.AsParallel().AsOrdered().Where(utterance => Digest(utterance.Path) != utterance.Sha256).ToList();
        if (changed.Count == 0)
        {
            return corpus;
        }

        string reference = corpus.Kind == "synthetic" ? "synthetic" : $"{corpus.Kind}:PATH";
        string names = string.Join(", ", changed.Take(NamedRecordings).Select(utterance => utterance.Path));
        string more = changed.Count > NamedRecordings ? ", …" : "";
        throw new InputException($"{changed.Count} of {corpus.Utterances.Count} recordings are missing or have changed ({names}{more}): "
            + $"put them back, or give the corpus as --corpus {reference}");
    }

    private static Corpus LoadMovedCorpus(string text, StoredSweep sweep, string folder)
    {
        var report = CorpusLoader.Load(CorpusKinds.Parse(text), sweep.Experiment.Classes, folder);
        if (report.Corpus is not { } corpus)
        {
            throw new InputException($"corpus {text} has problems:{Environment.NewLine}{CorpusReportText.WriteProblems(report)}");
        }

        string Describe(Corpus described) => $"{described.Utterances.Count} utterances with digest {described.Digest[..12]}…";
        return corpus.Digest == sweep.Corpus.Digest
            ? corpus
            : throw new InputException(
                $"--corpus {text} is not the sweep's corpus: it has {Describe(corpus)}, the sweep's {Describe(sweep.Corpus)}");
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
}
