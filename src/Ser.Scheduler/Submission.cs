using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Stages;
using Ser.Storage.Farm;

namespace Ser.Scheduler;

/// <summary>Turns a plan into rows, and puts the inputs that its jobs name where workers find them.</summary>
public sealed class Submission(IJobStore jobs, IArtifactStore artifacts, OwnCorpora own)
{
    /// <summary>The terms that an experiment asks for.</summary>
    /// <param name="asked">As the experiment says.</param>
    /// <param name="owner">Who submits it.</param>
    public static SweepTerms TermsOf(SharingSettings asked, string? owner) => new() { Owner = owner, Priority = asked.Priority, Weight = asked.Weight, KeepWeights = asked.KeepWeights };

    /// <summary>Stores the plan. Submitting a plan again changes nothing but reviving what failed or was cancelled.</summary>
    public SubmissionOutcome Submit(PlanContext plan, IReadOnlyList<FoldJobs> folds)
    {
        if (!own.Has(plan.Corpus))
        {
            artifacts.Share([.. plan.Corpus.Utterances.Select(utterance => new InputFile(utterance.Path, utterance.Sha256))]);
        }

        artifacts.Share([.. plan.Weights.Values.Select(weights => new InputFile(weights.Path, weights.Digest))]);
        artifacts.Put(ArtifactKeys.Corpus(plan.Corpus.Digest), CorpusFile.Write(plan.Corpus));
        foreach (var weights in plan.Weights.Values)
        {
            artifacts.Put(ArtifactKeys.Weights(weights.Digest), new WeightsFile(weights.Path).Write());
        }

        foreach (var recordings in new[] { plan.Noises, plan.Responses }.OfType<RecordingSet>())
        {
            artifacts.Share([.. recordings.Files.Select(file => new InputFile(file.Path, file.Digest))]);
            artifacts.Put(ArtifactKeys.Recordings(recordings.Digest), recordings.Write());
        }

        return jobs.Submit(new SweepPlan(
            plan.Experiment.Name,
            SweepDefinition.Of(plan, folds).ToJson(),
            [.. folds.SelectMany(fold => fold.Jobs.Values.Select(job => new SweepJob(job, fold.Arm.Name, fold.Fold.Number)))])
        {
            Terms = TermsOf(plan.Experiment.Farm, Environment.UserName),
        });
    }
}
