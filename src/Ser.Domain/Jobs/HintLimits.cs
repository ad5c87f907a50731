namespace Ser.Domain.Jobs;

/// <summary>
/// The limits of hints and of a sweep's scheduling policy. They hold wherever such a value enters: in an experiment file, a posted plan, a
/// stored schedule, and a job that is claimed.
/// </summary>
public static class HintLimits
{
    /// <summary>The limits of <see cref="JobHints.StallAfter"/>, in words.</summary>
    public const string StallAfterText = "of seconds from 10 to 1000000";

    /// <summary>The limits of <see cref="JobHints.CheckpointEvery"/>, in words.</summary>
    public const string CheckpointEveryText = "of seconds above 0 and up to 1000000";

    /// <summary>The limits of <see cref="SweepTerms.Weight"/>, in words.</summary>
    public const string WeightText = "from 0.01 to 100";

    /// <summary>The limits of <see cref="JobNeeds.MemoryGiB"/>, in words.</summary>
    public const string MemoryGiBText = "from 0 to 10000";

    /// <summary>The limits of a label, in words.</summary>
    public const string LabelText = "a label has 1 to 60 letters, digits and . _ -";

    /// <summary>Limits of <see cref="JobHints.MaxAttempts"/>.</summary>
    public const int MinAttempts = 1, MaxAttempts = 100;

    /// <summary>Limits of <see cref="SweepTerms.Priority"/>.</summary>
    public const int MinPriority = -1000, MaxPriority = 1000;

    /// <summary>Largest epoch at which successive halving may compare arms.</summary>
    public const int MaxRung = 1_000_000;

    /// <summary>Whether these seconds without a step may count as a stall.</summary>
    public static bool IsStallAfter(double seconds) => seconds is >= 10 and <= 1_000_000;

    /// <summary>Whether checkpoints may be this many seconds apart.</summary>
    public static bool IsCheckpointEvery(double seconds) => seconds is > 0 and <= 1_000_000;

    /// <summary>Whether a sweep may have this weight.</summary>
    public static bool IsWeight(double weight) => weight is >= 0.01 and <= 100;

    /// <summary>Whether a job may need this much memory.</summary>
    public static bool IsMemoryGiB(double memory) => memory is >= 0 and <= 10_000;

    /// <summary>Whether a worker may have this label.</summary>
    public static bool IsLabel(string? label) =>
        label is { Length: >= 1 and <= 60 } && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Describes what is invalid in hints, or returns null.</summary>
    public static string? FindProblem(JobHints hints)
    {
        bool areLabelsValid = hints.Needs is null or { Labels: not null } && (hints.Needs?.Labels.All(IsLabel) ?? true);
        return !IsStallAfter(hints.StallAfter) ? $"stallAfter must be a number {StallAfterText}, not {hints.StallAfter}"
            : !IsCheckpointEvery(hints.CheckpointEvery)
                ? $"checkpointEvery must be a number {CheckpointEveryText}, not {hints.CheckpointEvery}"
            : hints.MaxAttempts is < MinAttempts or > MaxAttempts
                ? $"maxAttempts must be from {MinAttempts} to {MaxAttempts}, not {hints.MaxAttempts}"
            : !areLabelsValid ? LabelText
            : !IsMemoryGiB(hints.Needs?.MemoryGiB ?? 0) ? $"memoryGiB must be {MemoryGiBText}, not {hints.Needs?.MemoryGiB}"
            : hints.Reads is null || hints.Reads.Contains(null!) ? "reads must be a list of digests"
            : hints.Rungs is null || hints.Rungs.Any(rung => rung is < 1 or > MaxRung) ? $"rungs must be epochs from 1 to {MaxRung}"
            : null;
    }

    /// <summary>Describes what is invalid in a scheduling policy, or returns null.</summary>
    public static string? FindProblem(SweepTerms terms) =>
        !IsWeight(terms.Weight) ? $"the weight must be {WeightText}, not {terms.Weight}"
        : terms.Priority is < MinPriority or > MaxPriority
            ? $"the priority must be from {MinPriority} to {MaxPriority}, not {terms.Priority}"
        : null;
}
