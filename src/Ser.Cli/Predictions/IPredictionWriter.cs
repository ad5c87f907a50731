using Ser.Runners.Predict;

namespace Ser.Cli.Predictions;

/// <summary>Writes predictions in one format, one after the other.</summary>
internal interface IPredictionWriter
{
    /// <summary>Called before the first prediction.</summary>
    void Begin(PredictionHeader header);

    /// <summary>Writes one recording.</summary>
    void Add(Prediction prediction);

    /// <summary>Called after the last prediction, also after an interruption.</summary>
    void End(PredictionCounts counts);
}
