using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Runners.FineTune;

/// <summary>Measures a training step of a planned job on this machine.</summary>
public static class StepMeasurement
{
    private const int FirstSteps = 2, MeasuredSteps = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Trains for a few steps and throws the work away.</summary>
    /// <returns>Seconds of a step; null where none was seen in time.</returns>
    public static double? Measure(PlanContext plan, PlannedJob job, CancellationToken interrupt)
    {
        var clock = TimeProvider.System;
        var times = new List<double>();
        long last = clock.GetTimestamp();
        string scratch = Directory.CreateTempSubdirectory("ser-measure-").FullName;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(interrupt, patience.Token);
        try
        {
            new FineTuneRunner().Run(
                new StageContext
                {
                    JobId = job.Id,
                    Attempt = 1,
                    Spec = job.Spec,
                    Parents = new Dictionary<string, string>(),
                    Output = Directory.CreateDirectory(Path.Combine(scratch, "output")).FullName,
                    Cache = new SharedCache(Path.Combine(scratch, "cache")),
                    Inputs = new PlannedInputs(plan),
                    Checkpoints = new NoCheckpoints(),
                    Report = progress =>
                    {
                        // The end of an epoch is said too, and is no step.
                        if (progress.Point is null)
                        {
                            times.Add(clock.GetElapsedTime(last).TotalSeconds);
                        }

                        last = clock.GetTimestamp();
                        if (times.Count == FirstSteps + MeasuredSteps)
                        {
                            enough.Cancel();
                        }
                    },
                },
                enough.Token);
        }
        catch (OperationCanceledException) when (!interrupt.IsCancellationRequested)
        {
            // Enough was seen, or it took too long.
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }

        return times.Count > FirstSteps ? Median(times[FirstSteps..]) : null;
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

        public IReadOnlyList<string> Recordings(string digest) =>
            [.. new[] { plan.Noises, plan.Responses }.OfType<RecordingSet>().First(set => set.Digest == digest).Files.Select(file => file.Path)];
    }

    private sealed class NoCheckpoints : ICheckpoints
    {
        public string? Latest() => null;

        public void Save(Action<string> write)
        {
        }
    }
}
