using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Reporting.Results;
using Ser.Stages;
using Ser.Storage.Artifacts;

namespace Ser.Results.Bundles;

/// <summary>What checking a bundle came to.</summary>
/// <param name="Results">The tables, computed here from the bundle's predictions.</param>
/// <param name="Evaluations">Evaluations that they were computed from.</param>
/// <param name="Revised">Stages whose numbers this version computes in another way than the one that made the bundle.</param>
public sealed record BundleFindings(SweepResults Results, int Evaluations, IReadOnlyList<string> Revised);

/// <summary>Checks an unpacked bundle from the inside: digests within digests, no speaker on two sides, tables from predictions.</summary>
internal static class BundleCheck
{
    /// <param name="unpacked">Where it was unpacked.</param>
    /// <param name="name">Name of the sweep here; null: as in the bundle.</param>
    /// <param name="from">Where it came from, for people.</param>
    /// <exception cref="InputException">Something in it does not fit; the message says what.</exception>
    public static (BundleFolder Folder, BundleFindings Findings) Open(string unpacked, string? name, string from)
    {
        try
        {
            var folder = BundleFolder.Open(unpacked, name, from);
            return (folder, Check(folder));
        }
        catch (Exception unsound) when (unsound is FileNotFoundException or not (InputException or IOException or UnauthorizedAccessException or OutOfMemoryException))
        {
            // Whoever made it by hand may have left out or turned around anything.
            throw new InputException($"the bundle does not hold together: {unsound.Message.Split('\n')[0]}", unsound);
        }
    }

    private static BundleFindings Check(BundleFolder folder)
    {
        var sweep = folder.Sweeps()[0];
        var stored = StoredSweep.Read(folder, folder.Artifacts, sweep.Name);
        string corpus = CorpusDigest.Of(stored.Corpus.Classes, stored.Corpus.Utterances);
        Require(corpus == stored.Definition.Corpus && corpus == folder.Bundle.Corpus, "its list of utterances is not the corpus that it names");
        foreach (var result in sweep.Jobs.Select(job => job.Result).OfType<AcceptedResult>())
        {
            Result(folder, result);
        }

        var input = StoredResults.Input(folder.Artifacts, stored);
        FoldEvaluation[] evaluations = [.. input.Arms.SelectMany(arm => arm.Folds).Select(fold => fold.Evaluation).OfType<FoldEvaluation>()];
        foreach (var evaluation in evaluations)
        {
            Queries(evaluation, evaluation.Test, evaluation.TestSpeakers, evaluation.TestSpeakers, stored.Corpus);
            Queries(evaluation, evaluation.Validation, evaluation.ValidationSpeakers, [.. evaluation.ValidationSpeakers, .. evaluation.TestSpeakers], stored.Corpus);
        }

        var results = SweepTables.Compute(input);
        Require(results.Digest == folder.Bundle.Digest, $"the tables that its predictions make have the digest {results.Digest}, and {folder.Bundle.Digest} is recorded (by ser {folder.Bundle.Version}): "
            + "if a later version computes tables in another way, import it with that one");
        return new BundleFindings(results, evaluations.Length, Revised(folder, sweep));
    }

    // Weights may have been left out; what is there must be the manifest's.
    private static void Result(BundleFolder folder, AcceptedResult result)
    {
        string at = Path.Combine(folder.Folder, Bundle.Artifacts, Domain.Artifacts.ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt));
        foreach (var file in folder.Artifacts.ManifestOf(result).Files)
        {
            var there = folder.Bundle.Files.FirstOrDefault(one => one.Name == $"{Bundle.Artifacts}{Domain.Artifacts.ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt)}{file.Name}");
            Require(there is null || there.Sha256 == file.Sha256, $"{at}{file.Name} is not the one of its manifest");
        }
    }

    private static void Queries(FoldEvaluation fold, QuerySet queries, IReadOnlyList<string> speakers, IReadOnlyList<string> unseen, Corpus corpus)
    {
        for (int query = 0; query < queries.Count; query++)
        {
            var utterance = corpus.Utterances[queries.Utterance[query]];
            Require(
                utterance.Class == queries.Truth[query] && utterance.Speaker == queries.Speaker[query] && speakers.Contains(utterance.Speaker),
                $"fold {fold.Fold} has {utterance.Name} with another class or speaker than the corpus");
            Require(
                !queries.NeighbourUtterance[query].Any(neighbour => unseen.Contains(corpus.Utterances[neighbour].Speaker)),
                $"fold {fold.Fold} finds neighbours of {utterance.Name} among speakers that it must not know");
        }
    }

    private static List<string> Revised(BundleFolder folder, SweepSnapshot sweep)
    {
        var specs = folder.Specs([.. sweep.Jobs.Select(job => job.Id)]);
        return
        [
            .. from job in sweep.Jobs
               let stage = Pipeline.Stages.FirstOrDefault(stage => stage.Name == job.Stage)
               where stage is null || JobId.Of(stage.Name, stage.Revision, Pipeline.Identity(specs[job.Id]), job.After) != job.Id
               select job.Stage into revised
               group revised by revised into stage
               select stage.Key,
        ];
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InputException($"the bundle does not hold together: {problem}");
        }
    }
}
