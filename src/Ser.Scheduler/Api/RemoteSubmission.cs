using Microsoft.AspNetCore.Http;
using Ser.Client;
using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Scheduler.Recurring;
using Ser.Stages;
using Ser.Storage.Telemetry;

namespace Ser.Scheduler.Api;

/// <summary>Submits posted sweeps: validates the plan and finds the paths of its inputs on this machine.</summary>
internal sealed class RemoteSubmission(Submission submission, InputStore uploads)
{
    private const int MaxListed = 3;

    public SubmissionResponse Submit(SubmittedSweep sweep, string? owner)
    {
        using var span = Traces.StartSubmission(sweep.Name);
        PlanValidation.Check(sweep);
        if (sweep.Cron is { } given)
        {
            ScheduleValidation.Check(given.Text, given.Zone);
        }

        var inputs = FindInputs(sweep);
        var plan = ToPlan(sweep, owner, span?.Id);
        if (sweep.Cron is { } cron)
        {
            submission.Schedule(new SweepSchedule(sweep.Name, cron.Text, cron.Zone, plan), inputs);
            return new SubmissionResponse(sweep.Name, plan.Jobs.Count, 0, 0);
        }

        var outcome = submission.Submit(plan, inputs);
        return new SubmissionResponse(sweep.Name, outcome.Planned, outcome.Reused, outcome.Revived);
    }

    private static SweepPlan ToPlan(SubmittedSweep sweep, string? owner, string? trace)
    {
        var experiment = ExperimentJson.Read(sweep.Definition.Experiment.ToJsonString());
        var planned = sweep.Jobs.Select(entry => entry with { Job = JobHints.WithTrace(entry.Job, trace) });
        return new SweepPlan(sweep.Name, sweep.Definition.ToJson(), [.. planned])
        {
            Terms = Submission.TermsOf(experiment.Farm, owner),
        };
    }

    // Unless the submitting machine and the scheduler share their paths, the files were uploaded before.
    private SweepInputs FindInputs(SubmittedSweep sweep)
    {
        var weights = sweep.Weights.DistinctBy(file => file.Digest).Select(file => new InputFile(file.Path, file.Digest)).ToList();
        var recordings = (sweep.Recordings ?? []).DistinctBy(set => set.Digest).ToList();
        if (sweep.SharedPaths)
        {
            return new SweepInputs(sweep.Corpus, weights, recordings);
        }

        RejectMissing(
        [
            .. sweep.Corpus.Utterances.Select(utterance => utterance.Sha256),
            .. weights.Select(file => file.Sha256),
            .. recordings.SelectMany(set => set.Files).Select(file => file.Digest),
        ]);
        var uploaded = sweep.Corpus.Utterances.Select(utterance => utterance with { Path = uploads.PathOf(utterance.Sha256) });
        return new SweepInputs(
            sweep.Corpus with { Path = "", Utterances = [.. uploaded] },
            weights.ConvertAll(file => file with { Path = uploads.PathOf(file.Sha256) }),
            recordings.ConvertAll(WithUploadedPaths));
    }

    private RecordingSet WithUploadedPaths(RecordingSet set) =>
        new([.. set.Files.Select(file => file with { Path = uploads.PathOf(file.Digest) })]);

    private void RejectMissing(IReadOnlyList<string> digests)
    {
        string[] missing = [.. digests.Distinct().Where(digest => !uploads.Has(digest))];
        if (missing.Length > 0)
        {
            string listed = string.Join(", ", missing.Take(MaxListed)) + (missing.Length > MaxListed ? ", …" : "");
            throw new ApiProblem(
                StatusCodes.Status409Conflict,
                "Inputs are missing",
                $"{missing.Length} recordings or weights files are not here, so nothing was changed: "
                + $"upload them first (PUT /api/inputs/{{sha256}}): {listed}");
        }
    }
}
