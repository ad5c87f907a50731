using System.Text.Json.Nodes;
using Ser.Cli.Sweeps;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Server.Hosts;
using Ser.Stages;
using Ser.Stages.Evaluate;
using Ser.Storage.Artifacts;
using Ser.Storage.Data;

namespace Ser.Cli.Reproduction;

/// <summary>How a fold's jobs are run again, where not exactly as recorded.</summary>
/// <param name="Threads">Threads of libtorch; null: as recorded.</param>
/// <param name="Device">cpu or cuda; null: as recorded.</param>
internal sealed record ComputeOverrides(int? Threads, string? Device);

/// <summary>A fold that was run again.</summary>
/// <param name="Evaluation">Its new results.</param>
/// <param name="Manifests">The files of each stage, and the environment that they were made in.</param>
/// <param name="Compute">Threads, precision and device of each stage.</param>
internal sealed record RerunResult(
    FoldEvaluation Evaluation,
    IReadOnlyDictionary<string, Manifest> Manifests,
    IReadOnlyDictionary<string, ComputeSpec> Compute);

/// <summary>Runs the jobs of one fold again in a temporary data folder, which is deleted afterwards.</summary>
internal static class FoldRerun
{
    /// <param name="fold">The recorded fold.</param>
    /// <param name="other">Threads and device, where they should differ from the recorded ones.</param>
    /// <param name="inputs">Puts the inputs into the new store.</param>
    /// <param name="interrupts">Ctrl-C.</param>
    /// <exception cref="InputException">An input is wrong.</exception>
    /// <exception cref="StorageException">A job failed.</exception>
    internal static async Task<RerunResult> RunAsync(
        RecordedFold fold,
        ComputeOverrides other,
        Action<DataFolder> inputs,
        Interrupts interrupts)
    {
        string scratch = Directory.CreateTempSubdirectory("ser-reproduce-").FullName;
        try
        {
            using var data = DataFolder.OpenAsRunner(scratch, "ser reproduce");
            inputs(data);
            var jobs = Jobs(fold, other);
            string name = fold.Sweep.Snapshot.Name;
            SweepJob[] sweepJobs = [.. jobs.Select(job => new SweepJob(job, fold.Arm.Name, fold.Fold))];
            data.Jobs.Sweeps.Submit(new SweepPlan(name, fold.Sweep.Snapshot.Definition, sweepJobs));
            var end = await EmbeddedHost.RunAsync(data, 1, name, null, interrupts);
            if (end.Jobs.FirstOrDefault(job => job.State == JobState.Failed) is { } failed)
            {
                throw new StorageException($"{failed.Stage} could not be run again: {failed.Error}");
            }

            var evaluated = end.Jobs.Single(job => job.Stage == EvaluateStage.StageName);
            return new RerunResult(
                EvaluationFile.Read(data.Artifacts.Open(evaluated.Result!)),
                end.Jobs.ToDictionary(job => job.Stage, job => data.Artifacts.ReadManifest(job.Result!)),
                jobs.ToDictionary(job => job.Stage, job => ComputeOf(job.Spec)));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>The part of a job's specification that concerns the machine.</summary>
    internal static ComputeSpec ComputeOf(JsonObject spec) => SpecJson.Read<ComputeSpec>(spec["compute"]!.AsObject());

    // Threads and device are part of a job's identity, so jobs with other values have other ids.
    private static List<PlannedJob> Jobs(RecordedFold fold, ComputeOverrides other)
    {
        var newIds = new Dictionary<string, string>();
        var jobs = new List<PlannedJob>();
        foreach (var recorded in fold.Jobs)
        {
            var spec = recorded.Spec.DeepClone().AsObject();
            var recordedCompute = ComputeOf(spec);
            var compute = recordedCompute with
            {
                Threads = other.Threads ?? recordedCompute.Threads,
                Device = other.Device ?? recordedCompute.Device,
            };
            string[] parents = [.. recorded.Job.After.Select(parent => newIds[parent])];
            string id = recorded.Job.Id;
            if (compute != recordedCompute || !parents.SequenceEqual(recorded.Job.After))
            {
                spec["compute"] = SpecJson.ToNode(compute);
                int revision = Pipeline.Stages.Single(stage => stage.Name == recorded.Job.Stage).Revision;
                id = JobId.Compute(recorded.Job.Stage, revision, Pipeline.Identity(spec), parents);
            }

            newIds[recorded.Job.Id] = id;
            jobs.Add(new PlannedJob(id, recorded.Job.Stage, recorded.Job.Title, spec, parents));
        }

        return jobs;
    }
}
