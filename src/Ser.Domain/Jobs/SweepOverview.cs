namespace Ser.Domain.Jobs;

/// <summary>Summary of a sweep in a list.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">State.</param>
/// <param name="Arms">Number of arms.</param>
/// <param name="Folds">Number of planned folds of all arms.</param>
/// <param name="Done">Number of folds whose jobs are all done.</param>
/// <param name="Failed">Number of folds with a failed job.</param>
/// <param name="Running">Number of folds with a running job.</param>
/// <param name="Started">Start of the first attempt, in Unix seconds on the store's clock; null before it.</param>
/// <param name="Ended">End of the last attempt; null if there is none yet, or one is running.</param>
/// <param name="ResultsVersion">
/// A number that rises whenever the sweep's accepted results change, or it is submitted again.
/// </param>
public sealed record SweepOverview(
    string Name,
    SweepState State,
    int Arms,
    int Folds,
    int Done,
    int Failed,
    int Running,
    double? Started,
    double? Ended,
    long ResultsVersion)
{
    /// <summary>Owner and scheduling policy.</summary>
    public SweepTerms Terms { get; init; } = SweepTerms.Default;

    /// <summary>Time of the first submission, in Unix seconds on the store's clock; 0 if unknown.</summary>
    public double Submitted { get; init; }

    /// <summary>Time used and remaining work.</summary>
    public SweepTimes Times { get; init; } = SweepTimes.None;
}

/// <summary>A page of the list of sweeps.</summary>
/// <param name="Total">Number of sweeps on all pages.</param>
/// <param name="Sweeps">The sweeps of this page, in order of first submission.</param>
public sealed record SweepPage(int Total, IReadOnlyList<SweepSnapshot> Sweeps)
{
    /// <summary>Whether the page has every sweep.</summary>
    public bool IsComplete => Sweeps.Count == Total;
}
