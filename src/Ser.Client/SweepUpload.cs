using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Client;

/// <summary>Submits a prepared experiment to a scheduler: first the recordings and weights that it lacks, then the plan.</summary>
public static class SweepUpload
{
    private const int DigestsInOneRequest = 5_000;

    public static async Task<SubmissionResponse> SubmitAsync(
        SchedulerClient server,
        PlanContext plan,
        IReadOnlyList<FoldJobs> folds,
        bool sharedPaths,
        SubmittedCron? cron,
        Action<string> report,
        CancellationToken stop)
    {
        RecordingSet[] recordings = [.. new[] { plan.Noises, plan.Responses }.OfType<RecordingSet>()];
        if (!sharedPaths)
        {
            await UploadMissingAsync(server, PathsByDigest(plan, recordings), report, stop);
        }

        var weights = plan.Weights.Values.Select(file => new SubmittedWeights(file.Path, file.Digest));
        var sweep = new SubmittedSweep(
            plan.Experiment.Name,
            SweepDefinition.FromPlan(plan, folds),
            FoldJobs.ToSweepJobs(folds),
            plan.Corpus,
            [.. weights],
            recordings,
            sharedPaths)
        {
            Cron = cron,
        };
        return await server.PostAsync<SubmissionResponse>("api/sweeps", SchedulerClient.ToGzippedJson(sweep), stop);
    }

    private static Dictionary<string, string> PathsByDigest(PlanContext plan, IReadOnlyList<RecordingSet> recordings)
    {
        var paths = new Dictionary<string, string>();
        foreach (var utterance in plan.Corpus.Utterances)
        {
            paths.TryAdd(utterance.Sha256, utterance.Path);
        }

        foreach (var weights in plan.Weights.Values)
        {
            paths.TryAdd(weights.Digest, weights.Path);
        }

        foreach (var file in recordings.SelectMany(set => set.Files))
        {
            paths.TryAdd(file.Digest, file.Path);
        }

        return paths;
    }

    private static async Task UploadMissingAsync(
        SchedulerClient server, Dictionary<string, string> files, Action<string> report, CancellationToken stop)
    {
        var missing = new List<string>();
        foreach (string[] digests in files.Keys.Chunk(DigestsInOneRequest))
        {
            var request = SchedulerClient.ToGzippedJson(new InputDigests(digests));
            var answer = await server.PostAsync<InputDigests>("api/inputs/missing", request, stop);
            missing.AddRange(answer.Digests);
        }

        if (missing.Count > 0)
        {
            report($"uploading {missing.Count} of {files.Count} recordings and weights files");
        }

        foreach (string digest in missing)
        {
            await server.UploadAsync($"api/inputs/{digest}", files[digest], stop);
        }
    }
}
