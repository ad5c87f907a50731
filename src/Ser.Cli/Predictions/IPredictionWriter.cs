using Ser.Runners.Predict;

namespace Ser.Cli.Predictions;

/// <summary>A format of predictions that is written while they come.</summary>
internal interface IPredictionWriter
{
    /// <summary>Before the first.</summary>
    void Begin(PredictionHeader header);

    /// <summary>One recording.</summary>
    void Add(Prediction prediction);

    /// <summary>After the last, also after an interruption.</summary>
    void End(PredictionCounts counts);
}
