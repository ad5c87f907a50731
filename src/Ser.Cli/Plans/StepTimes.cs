using Ser.Cli.Sweeps;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Hosting.Data;
using Ser.Stages;
using Ser.Stages.FineTune;

namespace Ser.Cli.Plans;

/// <summary>Seconds of a training step, by the kind of step: from earlier runs, or measured now.</summary>
internal static class StepTimes
{
    private const int WarmUpSteps = 2, MeasuredSteps = 10;
    private static readonly TimeSpan MeasuringTimeout = TimeSpan.FromMinutes(10);

    /// <summary>By kind, the median over the fine-tunes that a data folder has run, validation and checkpoints included.</summary>
    internal static IReadOnlyDictionary<string, double> Earlier(string folder)
    {
        if (!DataFolder.Exists(folder))
        {
            return new Dictionary<string, double>();
        }

        using var data = DataFolder.OpenForReading(folder);
        var jobs = data.Reads.Sweeps().SelectMany(sweep => sweep.Jobs).Where(IsMeasuredFineTune).DistinctBy(job => job.Id).ToList();
        var specs = data.Reads.Specs([.. jobs.Select(job => job.Id)]);
        string KindOf(JobSnapshot job) => StepKind.Of(specs[job.Id], 0).Key;
        return jobs.GroupBy(KindOf).ToDictionary(kind => kind.Key, kind => Median([.. kind.Select(SecondsPerStep)]));
    }

    private static bool IsMeasuredFineTune(JobSnapshot job) =>
        job is { Stage: FineTuneStage.StageName, State: JobState.Done, Progress.StepsPerSecond: > 0 };

    private static double SecondsPerStep(JobSnapshot job) => 1 / job.Progress!.StepsPerSecond!.Value;

    /// <summary>Trains for a few steps and discards the result.</summary>
    /// <returns>Seconds of a step; null where too few steps finished before the timeout.</returns>
    internal static double? Measure(Preparation prepared, PlannedJob job, CancellationToken interrupt)
    {
        var clock = TimeProvider.System;
        var times = new List<double>();
        long last = clock.GetTimestamp();
        string scratch = Directory.CreateTempSubdirectory("ser-measure-").FullName;
        using var timeout = new CancellationTokenSource(MeasuringTimeout, clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(interrupt, timeout.Token);

        void OnProgress(StageProgress progress)
        {
            // The end of an epoch is reported too; it is not a step.
            if (progress.Point is null)
            {
                times.Add(clock.GetElapsedTime(last).TotalSeconds);
            }

            last = clock.GetTimestamp();
            if (times.Count == WarmUpSteps + MeasuredSteps)
            {
                enough.Cancel();
            }
        }

        var context = new StageContext
        {
            JobId = job.Id,
            Attempt = 1,
            Spec = job.Spec,
            Parents = new Dictionary<string, string>(),
            Output = Directory.CreateDirectory(Path.Combine(scratch, "output")).FullName,
            Cache = new SharedCache(Path.Combine(scratch, "cache")),
            Inputs = new PlannedInputs(prepared.Context),
            Checkpoints = new NoCheckpoints(),
            Report = OnProgress,
        };
        try
        {
            new FineTuneStage().Runner().Run(context, enough.Token);
        }
        catch (OperationCanceledException) when (!interrupt.IsCancellationRequested)
        {
            // Enough steps were measured, or the timeout is over.
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        return times.Count > WarmUpSteps ? Median(times[WarmUpSteps..]) : null;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }

    private sealed class PlannedInputs(PlanContext plan) : IInputs
    {
        public Corpus Corpus(string digest) => plan.Corpus;

        public string Weights(string digest) => plan.Weights.Values.First(weights => weights.Digest == digest).Path;

        public IReadOnlyList<string> Recordings(string digest)
        {
            var sets = new[] { plan.Noises, plan.Responses }.OfType<RecordingSet>();
            return [.. sets.First(set => set.Digest == digest).Files.Select(file => file.Path)];
        }
    }

    private sealed class NoCheckpoints : ICheckpoints
    {
        public string? Latest() => null;

        public void Save(Action<string> write)
        {
        }
    }
}
