using Microsoft.AspNetCore.Http;
using Ser.Client;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Scheduler.Recurring;
using Ser.Stages;
using Ser.Storage.Farm;
using Ser.Storage.Telemetry;

namespace Ser.Scheduler.Api;

/// <summary>Submits posted sweeps: validates the plan, makes its inputs available to workers and stores its jobs or its schedule.</summary>
internal sealed class RemoteSubmission(
    ISweepCommands sweeps,
    ISweepSchedules schedules,
    IArtifactStore artifacts,
    InputStore uploads,
    OwnCorpora own)
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

        ShareInputs(sweep);
        var plan = ToPlan(sweep, owner, span?.Id);
        if (sweep.Cron is { } cron)
        {
            schedules.Schedule(new SweepSchedule(sweep.Name, cron.Text, cron.Zone, plan));
            return new SubmissionResponse(sweep.Name, plan.Jobs.Count, 0, 0);
        }

        var outcome = sweeps.Submit(plan);
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

    private void ShareInputs(SubmittedSweep sweep)
    {
        var corpus = sweep.Corpus;
        var weights = sweep.Weights.DistinctBy(file => file.Digest).ToList();
        var recordings = (sweep.Recordings ?? []).DistinctBy(set => set.Digest).ToList();
        if (!sweep.SharedPaths)
        {
            RejectMissing(
            [
                .. corpus.Utterances.Select(utterance => utterance.Sha256),
                .. weights.Select(file => file.Digest),
                .. recordings.SelectMany(set => set.Files).Select(file => file.Digest),
            ]);
            var uploaded = corpus.Utterances.Select(utterance => utterance with { Path = uploads.PathOf(utterance.Sha256) });
            corpus = corpus with { Path = "", Utterances = [.. uploaded] };
            weights = weights.ConvertAll(file => file with { Path = uploads.PathOf(file.Digest) });
            recordings = recordings.ConvertAll(WithUploadedPaths);
        }

        if (!own.Contains(corpus))
        {
            artifacts.ShareInputs([.. corpus.Utterances.Select(utterance => new InputFile(utterance.Path, utterance.Sha256))]);
        }

        artifacts.ShareInputs(
        [
            .. weights.Select(file => new InputFile(file.Path, file.Digest)),
            .. recordings.SelectMany(set => set.Files).Select(file => new InputFile(file.Path, file.Digest)),
        ]);
        artifacts.Put(ArtifactKeys.Corpus(corpus.Digest), CorpusFile.Write(corpus));
        foreach (var file in weights)
        {
            artifacts.Put(ArtifactKeys.Weights(file.Digest), new WeightsFile(file.Path).Write());
        }

        foreach (var set in recordings)
        {
            artifacts.Put(ArtifactKeys.Recordings(set.Digest), set.Write());
        }
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
