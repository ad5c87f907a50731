using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Reporting.Results;
using Ser.Stages;
using Ser.Storage.Artifacts;

namespace Ser.Results.Bundles;

/// <summary>Result of checking a bundle.</summary>
/// <param name="Results">The result tables, computed from the bundle's predictions.</param>
/// <param name="Evaluations">Number of evaluations from which they were computed.</param>
/// <param name="Revised">Stages that this version computes differently from the version that made the bundle.</param>
public sealed record BundleFindings(SweepResults Results, int Evaluations, IReadOnlyList<string> Revised);

/// <summary>A bundle that has been checked.</summary>
/// <param name="Folder">The unpacked bundle.</param>
/// <param name="Findings">Result of the check.</param>
public sealed record CheckedBundle(BundleFolder Folder, BundleFindings Findings);

/// <summary>
/// Checks the consistency of an unpacked bundle: digests, separation of speakers, and that the tables follow from the predictions.
/// </summary>
internal static class BundleCheck
{
    /// <summary>Opens and checks a bundle.</summary>
    /// <param name="unpacked">Folder of the unpacked bundle.</param>
    /// <param name="name">Name to give the sweep; null for the name in the bundle.</param>
    /// <param name="from">Source of the bundle, for display.</param>
    /// <exception cref="InputException">The bundle is inconsistent; the message says how.</exception>
    public static CheckedBundle Open(string unpacked, string? name, string from)
    {
        try
        {
            var folder = BundleFolder.Open(unpacked, name, from);
            return new CheckedBundle(folder, Check(folder));
        }
        catch (Exception invalid) when (IsInvalidContent(invalid))
        {
            // A bundle that was made by hand may lack anything or contain contradictions, so many exceptions are possible.
            throw new InputException($"the bundle is inconsistent: {invalid.Message.Split('\n')[0]}", invalid);
        }
    }

    private static bool IsInvalidContent(Exception error) =>
        error is FileNotFoundException or not (InputException or IOException or UnauthorizedAccessException or OutOfMemoryException);

    private static BundleFindings Check(BundleFolder folder)
    {
        var bundle = folder.Bundle;
        var sweep = folder.Sweeps()[0];
        var stored = StoredSweep.Read(folder, folder.Artifacts, sweep.Name);
        string corpus = CorpusDigest.Compute(stored.Corpus.Classes, stored.Corpus.Utterances);
        Require(corpus == stored.Definition.Corpus && corpus == bundle.Corpus, "its list of utterances does not match its corpus digest");
        foreach (var result in sweep.Jobs.Select(job => job.Result).OfType<JobResult>())
        {
            CheckResult(folder, result);
        }

        var input = StoredResults.ReadInput(folder.Artifacts, stored);
        var folds = input.Arms.SelectMany(arm => arm.Folds);
        FoldEvaluation[] evaluations = [.. folds.Select(fold => fold.Evaluation).OfType<FoldEvaluation>()];
        foreach (var evaluation in evaluations)
        {
            string[] heldOut = [.. evaluation.ValidationSpeakers, .. evaluation.TestSpeakers];
            CheckQueries(evaluation, evaluation.Test, evaluation.TestSpeakers, evaluation.TestSpeakers, stored.Corpus);
            CheckQueries(evaluation, evaluation.Validation, evaluation.ValidationSpeakers, heldOut, stored.Corpus);
        }

        var results = ResultsComputation.Compute(input);
        Require(
            results.Digest == bundle.Digest,
            $"the tables computed from its predictions have the digest {results.Digest}, but {bundle.Digest} is recorded "
            + $"(by ser {bundle.Version}): if a later version computes tables differently, import it with that version");
        return new BundleFindings(results, evaluations.Length, Revised(folder, sweep));
    }

    // Weights may be missing from a bundle, but every file that is there must match the manifest.
    private static void CheckResult(BundleFolder folder, JobResult result)
    {
        string attempt = Bundle.Artifacts + Domain.Artifacts.ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt);
        foreach (var file in folder.Artifacts.ReadManifest(result).Files)
        {
            string name = attempt + file.Name;
            var listed = folder.Bundle.Files.FirstOrDefault(other => other.Name == name);
            bool matches = listed is null || listed.Sha256 == file.Sha256;
            Require(matches, $"{Path.Combine(folder.Folder, name)} does not match its manifest");
        }
    }

    private static void CheckQueries(
        FoldEvaluation fold,
        QuerySet queries,
        IReadOnlyList<string> speakers,
        IReadOnlyList<string> heldOut,
        Corpus corpus)
    {
        for (int query = 0; query < queries.Count; query++)
        {
            var utterance = corpus.Utterances[queries.Utterance[query]];
            Require(
                utterance.Class == queries.Truth[query]
                    && utterance.Speaker == queries.Speaker[query]
                    && speakers.Contains(utterance.Speaker),
                $"fold {fold.Fold} has {utterance.Name} with another class or speaker than the corpus");
            Require(
                !queries.NeighbourUtterance[query].Any(neighbour => heldOut.Contains(corpus.Utterances[neighbour].Speaker)),
                $"fold {fold.Fold} has neighbours of {utterance.Name} from held-out speakers");
        }
    }

    private static List<string> Revised(BundleFolder folder, SweepSnapshot sweep)
    {
        var specs = folder.Specs([.. sweep.Jobs.Select(job => job.Id)]);
        return
        [
            .. from job in sweep.Jobs
               let stage = Pipeline.Stages.FirstOrDefault(stage => stage.Name == job.Stage)
               where stage is null || IdOf(stage, job) != job.Id
               select job.Stage into revised
               group revised by revised into stage
               select stage.Key,
        ];

        string IdOf(IStage stage, JobSnapshot job) =>
            JobId.Compute(stage.Name, stage.Revision, Pipeline.Identity(specs[job.Id]), job.After);
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InputException($"the bundle is inconsistent: {problem}");
        }
    }
}
