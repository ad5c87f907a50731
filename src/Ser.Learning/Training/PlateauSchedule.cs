namespace Ser.Learning.Training;

/// <summary>
/// Lowers a learning rate when a loss has not fallen for more than <c>patience</c> epochs: as torch's ReduceLROnPlateau with mode min. Better means
/// below best · (1 - threshold); NaN is a bad epoch; a change of at most 1e-8 is not applied.
/// </summary>
public sealed class PlateauSchedule(double initialRate, double factor, int patience, double threshold = 1e-4, int cooldown = 0, double minimum = 0, double epsilon = 1e-8, bool relative = true)
{
    /// <summary>What a checkpoint keeps.</summary>
    /// <param name="Rate">Current learning rate.</param>
    /// <param name="Best">Lowest loss so far.</param>
    /// <param name="BadEpochs">Epochs since.</param>
    /// <param name="Cooldown">Epochs of cool-down left.</param>
    public sealed record Memory(double Rate, double Best, int BadEpochs, int Cooldown);

    /// <summary>The state; may be set to continue from a checkpoint.</summary>
    public Memory State { get; set; } = new(initialRate, double.PositiveInfinity, 0, 0);

    /// <summary>Current learning rate.</summary>
    public double Rate => State.Rate;

    /// <summary>Takes one epoch's loss in.</summary>
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

        State = new Memory(rate, best, bad, cool);
    }
}
