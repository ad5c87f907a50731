using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Client;

/// <summary>Hands a prepared experiment to a scheduler: first the recordings and weights that it lacks, then the plan.</summary>
public static class Upload
{
    public static async Task<SubmittedAnswer> SubmitAsync(SerServer server, PlanContext plan, IReadOnlyList<FoldJobs> folds, bool sharedPaths, SubmittedCron? cron, Action<string> report, CancellationToken stop)
    {
        RecordingSet[] recordings = [.. new[] { plan.Noises, plan.Responses }.OfType<RecordingSet>()];
        var files = plan.Corpus.Utterances.Select(utterance => (utterance.Sha256, utterance.Path))
            .Concat(plan.Weights.Values.Select(weights => (weights.Digest, weights.Path)))
            .Concat(recordings.SelectMany(set => set.Files).Select(file => (file.Digest, file.Path))).DistinctBy(file => file.Item1).ToDictionary();
        if (!sharedPaths)
        {
            await UploadMissingAsync(server, files, report, stop);
        }

        return await server.PostAsync<SubmittedAnswer>("api/sweeps", SerServer.Packed(new SubmittedSweep(
            plan.Experiment.Name,
            SweepDefinition.Of(plan, folds),
            [.. folds.SelectMany(fold => fold.Jobs.Values.Select(job => new SweepJob(job, fold.Arm.Name, fold.Fold.Number)))],
            plan.Corpus,
            [.. plan.Weights.Values.Select(weights => new SubmittedWeights(weights.Path, weights.Digest))],
            recordings,
            sharedPaths)
        {
            Cron = cron,
        }), stop);
    }

    private static async Task UploadMissingAsync(SerServer server, Dictionary<string, string> files, Action<string> report, CancellationToken stop)
    {
        const int AtOnce = 5_000; // their names fit into a request
        var missing = new List<string>();
        foreach (string[] part in files.Keys.Chunk(AtOnce))
        {
            missing.AddRange((await server.PostAsync<InputDigests>("api/inputs/missing", SerServer.Packed(new InputDigests(part)), stop)).Digests);
        }

        if (missing.Count > 0)
        {
            report($"uploading {missing.Count} of {files.Count} recordings and weights files");
        }

        foreach (string digest in missing)
        {
            await server.PutFileAsync($"api/inputs/{digest}", files[digest], stop);
        }
    }
}
