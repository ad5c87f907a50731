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

/// <summary>Takes a posted sweep: checks all of it, then puts its inputs where workers find them and its jobs into the store.</summary>
internal sealed class Intake(IJobStore jobs, IArtifactStore artifacts, InputShelf shelf, OwnCorpora own)
{
    private const int Shown = 3;

    public SubmittedAnswer Take(SubmittedSweep sweep, string? owner)
    {
        using var span = Traces.Submission(sweep.Name);
        PlanCheck.Check(sweep);
        if (sweep.Cron is { } asked)
        {
            CronText.Check(asked.Text, asked.Zone);
        }

        var corpus = sweep.Corpus;
        var weights = sweep.Weights.DistinctBy(file => file.Digest).ToList();
        var recordings = (sweep.Recordings ?? []).DistinctBy(set => set.Digest).ToList();
        if (!sweep.SharedPaths)
        {
            RefuseMissing([.. corpus.Utterances.Select(utterance => utterance.Sha256), .. weights.Select(file => file.Digest), .. recordings.SelectMany(set => set.Files).Select(file => file.Digest)]);
            corpus = corpus with { Path = "", Utterances = [.. corpus.Utterances.Select(utterance => utterance with { Path = shelf.PathOf(utterance.Sha256) })] };
            weights = [.. weights.Select(file => file with { Path = shelf.PathOf(file.Digest) })];
            recordings = [.. recordings.Select(set => new RecordingSet([.. set.Files.Select(file => file with { Path = shelf.PathOf(file.Digest) })]))];
        }

        if (!own.Has(corpus))
        {
            artifacts.Share([.. corpus.Utterances.Select(utterance => new InputFile(utterance.Path, utterance.Sha256))]);
        }

        artifacts.Share([.. weights.Select(file => new InputFile(file.Path, file.Digest)), .. recordings.SelectMany(set => set.Files).Select(file => new InputFile(file.Path, file.Digest))]);
        artifacts.Put(ArtifactKeys.Corpus(corpus.Digest), CorpusFile.Write(corpus));
        foreach (var file in weights)
        {
            artifacts.Put(ArtifactKeys.Weights(file.Digest), new WeightsFile(file.Path).Write());
        }

        foreach (var set in recordings)
        {
            artifacts.Put(ArtifactKeys.Recordings(set.Digest), set.Write());
        }

        var plan = new SweepPlan(sweep.Name, sweep.Definition.ToJson(), [.. sweep.Jobs.Select(entry => entry with { Job = JobHints.Traced(entry.Job, span?.Id) })]) { Terms = Submission.TermsOf(ExperimentJson.Read(sweep.Definition.Experiment.ToJsonString()).Farm, owner) };
        if (sweep.Cron is { } cron)
        {
            jobs.Schedule(new SweepSchedule(sweep.Name, cron.Text, cron.Zone, plan));
            return new SubmittedAnswer(sweep.Name, plan.Jobs.Count, 0, 0);
        }

        var outcome = jobs.Submit(plan);
        return new SubmittedAnswer(sweep.Name, outcome.Planned, outcome.Reused, outcome.Revived);
    }

    private void RefuseMissing(IReadOnlyList<string> digests)
    {
        string[] missing = [.. digests.Distinct().Where(digest => !shelf.Has(digest))];
        if (missing.Length > 0)
        {
            throw new ApiProblem(StatusCodes.Status409Conflict, "Inputs are missing",
                $"{missing.Length} recordings or weights files are not here, so nothing was changed: upload them first (PUT /api/inputs/{{sha256}}): {string.Join(", ", missing.Take(Shown))}{(missing.Length > Shown ? ", …" : "")}");
        }
    }
}
