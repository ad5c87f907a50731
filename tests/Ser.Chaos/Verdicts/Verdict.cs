namespace Ser.Chaos.Verdicts;

/// <summary>A sweep in calm and under faults.</summary>
/// <param name="Name">Of the sweep.</param>
/// <param name="Calm">Digest of the results of a run that nobody disturbed.</param>
/// <param name="Chaos">Digest of the farm's; null: it has none.</param>
internal sealed record TwoDigests(string Name, string Calm, string? Chaos);

/// <summary>How it came out. <see cref="Good"/> says whether the promises hold.</summary>
internal sealed record Verdict
{
    /// <summary>Whether they hold.</summary>
    public bool Good => DigestEqual && Lost == 0 && Double == 0 && Left == 0;

    /// <summary>Of the faults.</summary>
    public required long Seed { get; init; }

    /// <summary>All of it, from start to end.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many struck.</summary>
    public required int Faults { get; init; }

    /// <summary>The same by kind.</summary>
    public required IReadOnlyDictionary<string, int> FaultsByKind { get; init; }

    /// <summary>Planned.</summary>
    public required int Jobs { get; init; }

    /// <summary>By outcome.</summary>
    public required IReadOnlyDictionary<string, int> Attempts { get; init; }

    /// <summary>Why some were charged to their jobs or put off.</summary>
    public required IReadOnlyDictionary<string, int> Reasons { get; init; }

    /// <summary>Whether every sweep's results are those of its calm run.</summary>
    public required bool DigestEqual { get; init; }

    /// <summary>Planned jobs without a whole accepted result.</summary>
    public required int Lost { get; init; }

    /// <summary>Jobs with several.</summary>
    public required int Double { get; init; }

    /// <summary>Sum of <see cref="LeftBehind"/>.</summary>
    public required int Left { get; init; }

    /// <summary>What is left and should not be, after the upkeep.</summary>
    public required IReadOnlyDictionary<string, int> LeftBehind { get; init; }

    /// <summary>Objects of the store that the hourly upkeep has removed or should have, before it ran: checkpoints of finished jobs, objects of attempts that were not accepted.</summary>
    public required IReadOnlyDictionary<string, int> BeforeUpkeep { get; init; }

    /// <summary>Exit codes of processes that ended by themselves, or not with 0 when asked to.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> Exits { get; init; }

    /// <summary>Each sweep.</summary>
    public required IReadOnlyList<TwoDigests> Sweeps { get; init; }

    /// <summary>What happened when.</summary>
    public required IReadOnlyList<Moment> Timeline { get; init; }
}
