namespace Ser.Bench.Dashboard;

/// <summary>Measurements of a page.</summary>
/// <param name="FirstMs">Milliseconds until the last byte of the first request.</param>
/// <param name="Ms">Median of five further requests, in milliseconds.</param>
/// <param name="Bytes">Size of the page before compression.</param>
public sealed record PageFigures(double FirstMs, double Ms, int Bytes);

/// <summary>Measurements of a dashboard.</summary>
public sealed record DashboardFigures
{
    /// <summary>Number of sweeps in the store.</summary>
    public required int Sweeps { get; init; }

    /// <summary>Times of reads of the store.</summary>
    public required ReadFigures Reads { get; init; }

    /// <summary>Seconds from the start of the process until it prints its sign-in link.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>The page with the list of sweeps.</summary>
    public required PageFigures FirstPage { get; init; }

    /// <summary>The page of the sweep with many arms × folds.</summary>
    public required PageFigures WidePage { get; init; }

    /// <summary>The page with the list of jobs.</summary>
    public required PageFigures JobsPage { get; init; }

    /// <summary>Transferred bytes, after compression, of the list of sweeps with its scripts and styles.</summary>
    public required long FirstLoadBytes { get; init; }

    /// <summary>Number of requests for <see cref="FirstLoadBytes"/>.</summary>
    public required int FirstLoadRequests { get; init; }

    /// <summary>Bytes per second to a single viewer of a sweep whose trainings end an epoch twice a second.</summary>
    public required double BytesPerSecondOfOne { get; init; }

    /// <summary>Processor seconds of the dashboard per second with that single viewer.</summary>
    public required double CoresOfOne { get; init; }

    /// <summary>Number of simultaneous viewers: half of the running sweep, a quarter each of the list and of the wide sweep.</summary>
    public required int Viewers { get; init; }

    /// <summary>Minutes for which they watched.</summary>
    public required double Minutes { get; init; }

    /// <summary>Processor seconds of the dashboard per second with all viewers.</summary>
    public required double CoresOfAll { get; init; }

    /// <summary>Mean bytes per second to each viewer.</summary>
    public required double BytesPerSecondOfEach { get; init; }

    /// <summary>Mean render batches per second of each viewer.</summary>
    public required double DrawnPerSecondOfEach { get; init; }

    /// <summary>Resident memory of the dashboard in MiB, at regular intervals.</summary>
    public required IReadOnlyList<double> MemoryMiB { get; init; }
}
