using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Stages;
using Ser.Storage.Farm;

namespace Ser.Scheduler;

/// <summary>Submits a plan that was made in this process: stores its jobs and makes their inputs available to workers.</summary>
public sealed class Submission(ISweepCommands sweeps, IArtifactStore artifacts, OwnCorpora own)
{
    /// <summary>Returns the scheduling policy of an experiment.</summary>
    /// <param name="asked">Settings of the experiment.</param>
    /// <param name="owner">Name of the user who submits it.</param>
    public static SweepTerms TermsOf(SharingSettings asked, string? owner) => new()
    {
        Owner = owner,
        Priority = asked.Priority,
        Weight = asked.Weight,
        KeepWeights = asked.KeepWeights,
    };

    /// <summary>Submits a plan. Submitting it again only revives jobs that failed or were cancelled.</summary>
    public SubmissionOutcome Submit(PlanContext plan, IReadOnlyList<FoldJobs> folds)
    {
        ShareInputs(plan);
        var planned =
            from fold in folds
            from job in fold.Jobs.Values
            select new SweepJob(job, fold.Arm.Name, fold.Fold.Number);
        string definition = SweepDefinition.FromPlan(plan, folds).ToJson();
        return sweeps.Submit(new SweepPlan(plan.Experiment.Name, definition, [.. planned])
        {
            Terms = TermsOf(plan.Experiment.Farm, Environment.UserName),
        });
    }

    private void ShareInputs(PlanContext plan)
    {
        if (!own.Contains(plan.Corpus))
        {
            artifacts.ShareInputs([.. plan.Corpus.Utterances.Select(utterance => new InputFile(utterance.Path, utterance.Sha256))]);
        }

        artifacts.ShareInputs([.. plan.Weights.Values.Select(weights => new InputFile(weights.Path, weights.Digest))]);
        artifacts.Put(ArtifactKeys.Corpus(plan.Corpus.Digest), CorpusFile.Write(plan.Corpus));
        foreach (var weights in plan.Weights.Values)
        {
            artifacts.Put(ArtifactKeys.Weights(weights.Digest), new WeightsFile(weights.Path).Write());
        }

        foreach (var recordings in new[] { plan.Noises, plan.Responses }.OfType<RecordingSet>())
        {
            artifacts.ShareInputs([.. recordings.Files.Select(file => new InputFile(file.Path, file.Digest))]);
            artifacts.Put(ArtifactKeys.Recordings(recordings.Digest), recordings.Write());
        }
    }
}
