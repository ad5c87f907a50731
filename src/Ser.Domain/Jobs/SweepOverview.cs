namespace Ser.Domain.Jobs;

/// <summary>A sweep in a list of many.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">Where it is.</param>
/// <param name="Arms">Number of arms.</param>
/// <param name="Folds">Folds planned, of all arms.</param>
/// <param name="Done">Folds whose every job is done.</param>
/// <param name="Failed">Folds with a failed job.</param>
/// <param name="Running">Folds with a running job.</param>
/// <param name="Started">When its first attempt began, seconds since 1970 on the store's clock; null: none has.</param>
/// <param name="Ended">When its last attempt ended; null: none has, or one runs.</param>
/// <param name="Accepted">Changes when an accepted result of the sweep does; tells nothing outside of this process.</param>
public sealed record SweepOverview(
    string Name, SweepState State, int Arms, int Folds, int Done, int Failed, int Running, double? Started, double? Ended, int Accepted)
{
    /// <summary>How it runs beside others, and whose it is.</summary>
    public SweepTerms Terms { get; init; } = SweepTerms.Usual;

    /// <summary>When it was first submitted, seconds since 1970 on the store's clock; 0: not known.</summary>
    public double Submitted { get; init; }

    /// <summary>What it has taken and what is to come.</summary>
    public SweepTimes Times { get; init; } = SweepTimes.None;
}
