using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Stages;
using Ser.Storage.Farm;

namespace Ser.Scheduler;

/// <summary>Submits sweeps: makes their inputs available to workers, then stores their jobs or their schedule.</summary>
public sealed class Submission(ISweepCommands sweeps, ISweepSchedules schedules, IArtifactStore artifacts, OwnCorpora own)
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

    /// <summary>
    /// Submits a plan that was made in this process. Submitting it again only revives jobs that failed or were cancelled.
    /// </summary>
    public SubmissionOutcome Submit(PlanContext plan, IReadOnlyList<FoldJobs> folds)
    {
        string definition = SweepDefinition.FromPlan(plan, folds).ToJson();
        var sweep = new SweepPlan(plan.Experiment.Name, definition, FoldJobs.ToSweepJobs(folds))
        {
            Terms = TermsOf(plan.Experiment.Farm, Environment.UserName),
        };
        return Submit(sweep, SweepInputs.FromPlan(plan));
    }

    /// <summary>Submits a sweep whose plan is valid.</summary>
    public SubmissionOutcome Submit(SweepPlan sweep, SweepInputs inputs)
    {
        ShareInputs(inputs);
        return sweeps.Submit(sweep);
    }

    /// <summary>Submits a sweep whose plan is valid again and again, on a schedule.</summary>
    public void Schedule(SweepSchedule schedule, SweepInputs inputs)
    {
        ShareInputs(inputs);
        schedules.Schedule(schedule);
    }

    private void ShareInputs(SweepInputs inputs)
    {
        var corpus = inputs.Corpus;
        if (!own.Contains(corpus))
        {
            artifacts.ShareInputs([.. corpus.Utterances.Select(utterance => new InputFile(utterance.Path, utterance.Sha256))]);
        }

        var recordings = inputs.Recordings.SelectMany(set => set.Files).Select(file => new InputFile(file.Path, file.Digest));
        artifacts.ShareInputs([.. inputs.Weights, .. recordings]);
        artifacts.Put(ArtifactKeys.Corpus(corpus.Digest), CorpusFile.Write(corpus));
        foreach (var file in inputs.Weights)
        {
            artifacts.Put(ArtifactKeys.Weights(file.Sha256), new WeightsFile(file.Path).Write());
        }

        foreach (var set in inputs.Recordings)
        {
            artifacts.Put(ArtifactKeys.Recordings(set.Digest), set.Write());
        }
    }
}
