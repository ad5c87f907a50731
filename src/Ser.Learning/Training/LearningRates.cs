using Ser.Domain.Experiments;

namespace Ser.Learning.Training;

/// <summary>Learning rates by step (from 0) and parameter.</summary>
internal sealed class LearningRates(FineTuneOptions options, PlateauSchedule plateau, long stepsOfEpoch)
{
    /// <summary>Steps of all epochs.</summary>
    internal long Steps => options.Epochs * stepsOfEpoch;

    /// <summary>The rate of the encoder: that of the schedule, scaled during warm-up.</summary>
    internal double ForEncoder(long step)
    {
        double rate = options.Schedule switch
        {
            "one-cycle" => OneCycle.Rate(options.LearningRate, step, Steps),
            "plateau" => plateau.Rate,
            _ => options.LearningRate,
        };
        return rate * Math.Min(1, (step + 1) / Math.Max(1, options.WarmupEpochs * stepsOfEpoch));
    }

    /// <summary>
    /// The rate of a parameter by its name. Heads, which are not pre-trained, may have another rate with the same schedule.
    /// </summary>
    internal double ForParameter(string name, long step)
    {
        bool head = name.StartsWith(Classifier.Head, StringComparison.Ordinal)
            || name.StartsWith(Classifier.Projection, StringComparison.Ordinal);
        double rate = ForEncoder(step);
        return head ? (options.HeadLearningRate ?? options.LearningRate) * rate / options.LearningRate : rate;
    }
}
