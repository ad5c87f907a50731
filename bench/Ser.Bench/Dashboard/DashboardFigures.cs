namespace Ser.Bench.Dashboard;

/// <summary>What a page took.</summary>
/// <param name="FirstMs">Milliseconds until its last byte, asked for the first time.</param>
/// <param name="Ms">The median of five more.</param>
/// <param name="Bytes">Its length, unpacked.</param>
public sealed record PageFigures(double FirstMs, double Ms, int Bytes);

/// <summary>What was measured on a dashboard.</summary>
public sealed record DashboardFigures
{
    /// <summary>Sweeps of the store.</summary>
    public required int Sweeps { get; init; }

    /// <summary>Reads of the store.</summary>
    public required ReadFigures Reads { get; init; }

    /// <summary>From the start of the process to its link.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>The list of sweeps.</summary>
    public required PageFigures FirstPage { get; init; }

    /// <summary>The wide sweep.</summary>
    public required PageFigures WidePage { get; init; }

    /// <summary>The list of jobs.</summary>
    public required PageFigures JobsPage { get; init; }

    /// <summary>The list of sweeps with all that it loads at once, as packed on the wire.</summary>
    public required long FirstLoadBytes { get; init; }

    /// <summary>Requests for it.</summary>
    public required int FirstLoadRequests { get; init; }

    /// <summary>To one viewer of a sweep whose trainings end an epoch twice a second.</summary>
    public required double BytesPerSecondOfOne { get; init; }

    /// <summary>Processor time per second meanwhile.</summary>
    public required double CoresOfOne { get; init; }

    /// <summary>Viewers at once: half of the running sweep, a quarter of the list, a quarter of the wide sweep.</summary>
    public required int Viewers { get; init; }

    /// <summary>For how long.</summary>
    public required double Minutes { get; init; }

    /// <summary>Processor time of the dashboard per second.</summary>
    public required double CoresOfAll { get; init; }

    /// <summary>To each of them, on average.</summary>
    public required double BytesPerSecondOfEach { get; init; }

    /// <summary>How often each was drawn, on average.</summary>
    public required double DrawnPerSecondOfEach { get; init; }

    /// <summary>Resident memory of the dashboard, evenly over that time.</summary>
    public required IReadOnlyList<double> MemoryMiB { get; init; }
}
