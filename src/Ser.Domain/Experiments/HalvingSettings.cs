namespace Ser.Domain.Experiments;

/// <summary>
/// Successive halving: after certain epochs the arms are compared and only the better ones continue. It does not change the results of
/// jobs, only which jobs run to the end.
/// </summary>
public sealed record HalvingSettings
{
    /// <summary>Epochs after which the arms are compared, ascending; empty to disable halving.</summary>
    public IReadOnlyList<int> Epochs { get; init; } = [];

    /// <summary>Share of the arms that continues after each comparison, rounded up.</summary>
    public double Keep { get; init; } = 0.5;
}
