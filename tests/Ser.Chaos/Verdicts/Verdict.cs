namespace Ser.Chaos.Verdicts;

/// <summary>The results of a sweep without and under faults.</summary>
/// <param name="Name">The name of the sweep.</param>
/// <param name="Calm">The digest of the results without faults.</param>
/// <param name="Chaos">The digest of the results of the farm; null if there are none.</param>
internal sealed record SweepDigests(string Name, string Calm, string? Chaos);

/// <summary>The outcome of a run, written as JSON.</summary>
internal sealed record Verdict
{
    /// <summary>Whether all promises hold.</summary>
    public bool Good => DigestEqual && Lost == 0 && Double == 0 && Left == 0;

    /// <summary>The seed of the faults.</summary>
    public required long Seed { get; init; }

    /// <summary>The length of the whole run in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The number of injected faults.</summary>
    public required int Faults { get; init; }

    /// <summary>The number of injected faults of each kind.</summary>
    public required IReadOnlyDictionary<string, int> FaultsByKind { get; init; }

    /// <summary>The number of planned jobs.</summary>
    public required int Jobs { get; init; }

    /// <summary>The number of attempts with each outcome.</summary>
    public required IReadOnlyDictionary<string, int> Attempts { get; init; }

    /// <summary>Why attempts were charged to their jobs or snoozed.</summary>
    public required IReadOnlyDictionary<string, int> Reasons { get; init; }

    /// <summary>Whether the results of every sweep are those of its run without faults.</summary>
    public required bool DigestEqual { get; init; }

    /// <summary>The number of planned jobs without a complete accepted result.</summary>
    public required int Lost { get; init; }

    /// <summary>The number of jobs with more than one accepted result.</summary>
    public required int Double { get; init; }

    /// <summary>The sum of <see cref="LeftBehind"/>.</summary>
    public required int Left { get; init; }

    /// <summary>What should not be left behind after the upkeep, counted by kind.</summary>
    public required IReadOnlyDictionary<string, int> LeftBehind { get; init; }

    /// <summary>
    /// Objects that the hourly upkeep should delete, counted before it ran: checkpoints of finished jobs and objects of attempts
    /// that were not accepted.
    /// </summary>
    public required IReadOnlyDictionary<string, int> BeforeUpkeep { get; init; }

    /// <summary>Exit codes of processes that ended without a signal from here, or not with 0 after SIGTERM.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> Exits { get; init; }

    /// <summary>The digests of each sweep.</summary>
    public required IReadOnlyList<SweepDigests> Sweeps { get; init; }

    /// <summary>What happened when.</summary>
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }
}
