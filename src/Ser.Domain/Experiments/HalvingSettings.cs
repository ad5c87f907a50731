namespace Ser.Domain.Experiments;

/// <summary>Early stopping across the grid: at some epochs arms are compared and only the better ones go on. Decides no job's result, but which there are.</summary>
public sealed record HalvingSettings
{
    /// <summary>Epochs after which arms are compared, ascending; none: never.</summary>
    public IReadOnlyList<int> Epochs { get; init; } = [];

    /// <summary>Share of the arms that goes on each time, rounded up.</summary>
    public double Keep { get; init; } = 0.5;
}
