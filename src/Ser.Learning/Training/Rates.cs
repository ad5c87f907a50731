namespace Ser.Learning.Training;

/// <summary>Learning rates by step, which counts from 0.</summary>
internal sealed class Rates(FineTuneOptions options, PlateauSchedule plateau, long stepsOfEpoch)
{
    /// <summary>Steps of all epochs.</summary>
    internal long Steps => options.Epochs * stepsOfEpoch;

    /// <summary>Of the encoder: the schedule's, on its way up during the first epochs.</summary>
    internal double OfEncoder(long step)
    {
        double rate = options.Schedule switch
        {
            "one-cycle" => OneCycle.Rate(options.LearningRate, step, Steps),
            "plateau" => plateau.Rate,
            _ => options.LearningRate,
        };
        return rate * Math.Min(1, (step + 1) / Math.Max(1, options.WarmupEpochs * stepsOfEpoch));
    }

    /// <summary>Of a parameter by its name: heads, which begin from nothing, may have a rate of their own, scheduled alike.</summary>
    internal double Of(string name, long step)
    {
        bool head = name.StartsWith(Classifier.Head, StringComparison.Ordinal) || name.StartsWith(Classifier.Projection, StringComparison.Ordinal);
        double rate = OfEncoder(step);
        return head ? (options.HeadLearningRate ?? options.LearningRate) * rate / options.LearningRate : rate;
    }
}
