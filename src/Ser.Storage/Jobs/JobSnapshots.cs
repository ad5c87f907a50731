using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Creates snapshots from rows.</summary>
internal static class JobSnapshots
{
    public static JobSnapshot Create(JobRow job, PointRow? last, IReadOnlyList<string> after) => new()
    {
        Id = job.Id,
        Stage = job.Stage,
        Title = job.Title,
        State = job.State,
        Attempt = job.Attempt,
        Faults = job.Faults,
        MaxAttempts = job.MaxAttempts,
        NotBefore = job.State == JobState.Ready ? job.NotBefore : null,
        Rung = job.Rung,
        EliminatedByHalving = job.EliminatedByHalving,
        Worker = job.Worker,
        Error = job.Error,
        Progress = job.Attempt == 0 ? null : ProgressOf(job, last),
        Result = job.State == JobState.Done
            ? new JobResult(job.Id, job.Stage, job.AcceptedAttempt!.Value, job.ManifestDigest!)
            : null,
        After = after,
    };

    public static EpochPoint CreatePoint(PointRow row) => new(
        row.Epoch,
        row.Loss,
        row.CrossEntropy,
        row.Contrastive,
        row.ValidationLoss,
        row.ValidationWa,
        row.ValidationUa,
        row.LearningRate,
        row.ResidentBytes)
    {
        Right = ParseCounts(row.Right),
        Of = ParseCounts(row.Of),
    };

    private static StageProgress ProgressOf(JobRow job, PointRow? last)
    {
        var point = last is null ? null : CreatePoint(last);
        return new StageProgress(job.Step, job.Epoch, job.Epochs, job.Loss, job.StepsPerSecond, point);
    }

    private static int[] ParseCounts(string? text)
    {
        string[] numbers = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
    }
}
