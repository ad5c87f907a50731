using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Encoder;

namespace Ser.Learning.Training;

/// <summary>
/// Everything that the next step depends on. A checkpoint contains exactly this, so that a resumed run gives the same bits.
/// </summary>
internal sealed class FineTuneState(Classifier model, IOptimizer optimizer, PlateauSchedule plateau) : IDisposable
{
    internal int Epoch { get; set; } = 1;

    internal int StepOfEpoch { get; set; }

    internal long Step { get; set; }

    internal double LossSum { get; set; }

    internal double CrossEntropySum { get; set; }

    internal double ContrastiveSum { get; set; }

    internal EpochResult? BestEpoch { get; private set; }

    internal ParameterSet? Best { get; private set; }

    internal List<EpochResult> History { get; private set; } = [];

    /// <summary>Records the result of an epoch, and keeps its weights if it is the best one so far or if `keep` is last.</summary>
    internal void AddEpoch(EpochResult result, string keep)
    {
        History.Add(result);
        if (keep == "last" || BestEpoch is null || IsBetter(result, BestEpoch))
        {
            BestEpoch = result;
            Best ??= model.Parameters.Clone();
            Best.CopyFrom(model.Parameters);
        }
    }

    /// <summary>Whether the last <paramref name="patience"/> epochs brought no improvement; 0: never.</summary>
    internal bool ShouldStopEarly(int patience)
    {
        if (patience == 0 || History.Count == 0)
        {
            return false;
        }

        var best = History.Aggregate((before, next) => IsBetter(next, before) ? next : before);
        return History[^1].Epoch - best.Epoch >= patience;
    }

    // The higher validation UA is better. On a tie it is the lower loss, then the earlier epoch.
    private static bool IsBetter(EpochResult next, EpochResult before) =>
        next.ValidationUa > before.ValidationUa
        || (next.ValidationUa == before.ValidationUa && next.ValidationLoss < before.ValidationLoss);

    /// <summary>
    /// Copies the current state. The returned function writes the copy to a path. It may be called once, on any thread, while training
    /// continues.
    /// </summary>
    internal Action<string> Snapshot()
    {
        var counters = new Counters(
            Epoch, StepOfEpoch, Step, LossSum, CrossEntropySum, ContrastiveSum, plateau.State, BestEpoch, History);
        var metadata = new Dictionary<string, string> { ["state"] = JsonSerializer.Serialize(counters, Json) };
        var sets = new List<(string Prefix, ParameterSet Set)>
        {
            ("model.", model.Parameters.CloneToHost()),
            ("optimizer.", optimizer.State.CloneToHost()),
        };
        if (Best is not null)
        {
            sets.Add(("best.", Best.CloneToHost()));
        }

        return path =>
        {
            try
            {
                SafeTensors.Write(path, sets.SelectMany(part => part.Set.ToSafeTensors(part.Prefix)), metadata);
            }
            finally
            {
                foreach (var (_, set) in sets)
                {
                    set.Dispose();
                }
            }
        };
    }

    /// <summary>Restores the state from a checkpoint.</summary>
    internal void Load(string path)
    {
        using var file = SafeTensors.Read(path);
        var counters = JsonSerializer.Deserialize<Counters>(file.Metadata["state"], Json)!;
        (Epoch, StepOfEpoch, Step) = (counters.Epoch, counters.StepOfEpoch, counters.Step);
        (LossSum, CrossEntropySum, ContrastiveSum) = (counters.LossSum, counters.CrossEntropySum, counters.ContrastiveSum);
        (BestEpoch, History, plateau.State) = (counters.BestEpoch, counters.History, counters.Plateau);
        model.Parameters.Load(file, "model.");
        optimizer.State.Load(file, "optimizer.");
        if (BestEpoch is not null)
        {
            Best = model.Parameters.Clone();
            Best.Load(file, "best.");
        }
    }

    public void Dispose() => Best?.Dispose();

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    // The names are members of the JSON in checkpoints.
    private sealed record Counters(
        int Epoch,
        int StepOfEpoch,
        long Step,
        double LossSum,
        double CrossEntropySum,
        double ContrastiveSum,
        PlateauSchedule.PlateauState Plateau,
        EpochResult? BestEpoch,
        List<EpochResult> History);
}
