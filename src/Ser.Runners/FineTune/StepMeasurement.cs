using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Runners.FineTune;

/// <summary>Measures a training step of a planned job on this machine.</summary>
public static class StepMeasurement
{
    private const int WarmUpSteps = 2, MeasuredSteps = 10;
    private static readonly TimeSpan MeasuringTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Trains for a few steps and discards the result.</summary>
    /// <param name="plan">The plan, for its inputs.</param>
    /// <param name="job">A job that fine-tunes.</param>
    /// <param name="openCache">Opens a cache in an empty folder, which is deleted afterwards.</param>
    /// <param name="interrupt">Ctrl-C.</param>
    /// <returns>Seconds of a step; null where too few steps finished before the timeout.</returns>
    public static double? Measure(PlanContext plan, PlannedJob job, Func<string, ISharedCache> openCache, CancellationToken interrupt)
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
            Cache = openCache(Path.Combine(scratch, "cache")),
            Inputs = new PlannedInputs(plan),
            Checkpoints = new NoCheckpoints(),
            Report = OnProgress,
        };
        try
        {
            new FineTuneRunner().Run(context, enough.Token);
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
