namespace Ser.Learning.Training;

/// <summary>
/// Lowers a learning rate when a loss has not improved for more than <c>patience</c> epochs, as torch's ReduceLROnPlateau with mode min.
/// An improvement is a loss below best · (1 - threshold). NaN counts as no improvement. A change of at most 1e-8 is not applied.
/// </summary>
public sealed class PlateauSchedule(
    double initialRate,
    double factor,
    int patience,
    double threshold = 1e-4,
    int cooldown = 0,
    double minimum = 0,
    double epsilon = 1e-8,
    bool relative = true)
{
    /// <summary>The state in a checkpoint.</summary>
    /// <param name="Rate">Current learning rate.</param>
    /// <param name="Best">Lowest loss so far.</param>
    /// <param name="BadEpochs">Epochs without improvement.</param>
    /// <param name="Cooldown">Remaining epochs of cool-down.</param>
    public sealed record PlateauState(double Rate, double Best, int BadEpochs, int Cooldown);

    /// <summary>The state, which is set when training resumes from a checkpoint.</summary>
    public PlateauState State { get; set; } = new(initialRate, double.PositiveInfinity, 0, 0);

    /// <summary>Current learning rate.</summary>
    public double Rate => State.Rate;

    /// <summary>Updates the rate by the loss of one epoch.</summary>
    public void Step(double loss)
    {
        var (rate, best, bad, cool) = State;
        bool better = relative ? loss < best * (1 - threshold) : loss < best - threshold;
        (best, bad) = better ? (loss, 0) : (best, bad + 1);
        if (cool > 0)
        {
            (cool, bad) = (cool - 1, 0);
        }

        if (bad > patience)
        {
            double lower = Math.Max(rate * factor, minimum);
            rate = rate - lower > epsilon ? lower : rate;
            (cool, bad) = (cooldown, 0);
        }

        State = new PlateauState(rate, best, bad, cool);
    }
}
