using System.Text.Json.Nodes;
using Ser.Cli.Sweeps;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Stages;
using Ser.Stages.Evaluate;
using Ser.Storage.Artifacts;
using Ser.Storage.Data;

namespace Ser.Cli.Reproduction;

/// <summary>What a fold's jobs are asked for again, where not exactly as before.</summary>
/// <param name="Threads">Threads of libtorch; null: as recorded.</param>
/// <param name="Device">cpu or cuda; null: as recorded.</param>
internal sealed record OtherCompute(int? Threads, string? Device);

/// <summary>A fold that was made again.</summary>
/// <param name="Evaluation">How it came out.</param>
/// <param name="Manifests">What each stage left and what made it.</param>
/// <param name="Compute">Threads, precision and device of each stage.</param>
internal sealed record FoldAgain(FoldEvaluation Evaluation, IReadOnlyDictionary<string, Manifest> Manifests, IReadOnlyDictionary<string, ComputeSpec> Compute);

/// <summary>Runs the jobs of one fold again in a data folder of their own, which is gone afterwards.</summary>
internal static class FoldRerun
{
    /// <param name="fold">As recorded.</param>
    /// <param name="other">What is asked for otherwise.</param>
    /// <param name="inputs">Puts the inputs into the new store.</param>
    /// <param name="interrupt">Ctrl-C.</param>
    /// <exception cref="InputException">An input is wrong.</exception>
    /// <exception cref="StorageException">A job failed.</exception>
    internal static async Task<FoldAgain> RunAsync(RecordedFold fold, OtherCompute other, Action<DataFolder> inputs, CancellationToken interrupt)
    {
        string scratch = Directory.CreateTempSubdirectory("ser-reproduce-").FullName;
        try
        {
            using var data = DataFolder.OpenAsRunner(scratch, "ser reproduce");
            inputs(data);
            var jobs = Jobs(fold, other);
            string name = fold.Sweep.Snapshot.Name;
            data.Jobs.Submit(new SweepPlan(name, fold.Sweep.Snapshot.Definition, [.. jobs.Select(job => new SweepJob(job, fold.Arm.Name, fold.Fold))]));
            var end = await EmbeddedHost.RunAsync(data, 1, name, null, interrupt);
            if (end.Jobs.FirstOrDefault(job => job.State == JobState.Failed) is { } failed)
            {
                throw new StorageException($"{failed.Stage} could not be run again: {failed.Error}");
            }

            return new FoldAgain(
                EvaluationFile.Read(data.Artifacts.Open(end.Jobs.Single(job => job.Stage == EvaluateStage.StageName).Result!)),
                end.Jobs.ToDictionary(job => job.Stage, job => data.Artifacts.ManifestOf(job.Result!)),
                jobs.ToDictionary(job => job.Stage, job => ComputeOf(job.Spec)));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>What a job's specification says of the machine.</summary>
    internal static ComputeSpec ComputeOf(JsonObject spec) => SpecJson.Read<ComputeSpec>(spec["compute"]!.AsObject());

    // With another thread count or device these are other jobs: their ids say so.
    private static List<PlannedJob> Jobs(RecordedFold fold, OtherCompute other)
    {
        var ids = new Dictionary<string, string>();
        return [.. fold.Jobs.Select(recorded =>
        {
            var spec = recorded.Spec.DeepClone().AsObject();
            var compute = ComputeOf(spec);
            var asked = compute with { Threads = other.Threads ?? compute.Threads, Device = other.Device ?? compute.Device };
            string[] parents = [.. recorded.Job.After.Select(parent => ids[parent])];
            string id = recorded.Job.Id;
            if (asked != compute || !parents.SequenceEqual(recorded.Job.After))
            {
                spec["compute"] = SpecJson.Of(asked);
                id = JobId.Of(recorded.Job.Stage, Pipeline.Stages.Single(stage => stage.Name == recorded.Job.Stage).Revision, Pipeline.Identity(spec), parents);
            }

            ids[recorded.Job.Id] = id;
            return new PlannedJob(id, recorded.Job.Stage, recorded.Job.Title, spec, parents);
        })];
    }
}
