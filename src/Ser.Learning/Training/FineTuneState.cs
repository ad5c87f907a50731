using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Encoder;

namespace Ser.Learning.Training;

/// <summary>Everything that the next step depends on: a checkpoint holds it and nothing else, so a resumed run makes the same bits.</summary>
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

    internal void Keep(EpochResult result, string keep)
    {
        History.Add(result);
        if (keep == "last" || BestEpoch is null || Better(result, BestEpoch))
        {
            BestEpoch = result;
            Best ??= model.Parameters.Clone();
            Best.CopyFrom(model.Parameters);
        }
    }

    /// <summary>Whether the last <paramref name="patience"/> epochs brought none that is better; 0: never.</summary>
    internal bool EndsEarly(int patience)
    {
        if (patience == 0 || History.Count == 0)
        {
            return false;
        }

        var best = History.Aggregate((before, next) => Better(next, before) ? next : before);
        return History[^1].Epoch - best.Epoch >= patience;
    }

    // Highest validation UA; on a tie the lower loss, then the earlier epoch.
    private static bool Better(EpochResult next, EpochResult before) =>
        next.ValidationUa > before.ValidationUa || (next.ValidationUa == before.ValidationUa && next.ValidationLoss < before.ValidationLoss);

    /// <summary>All of it as it is now: what comes back writes it to a path, once, on whatever thread, while training goes on.</summary>
    internal Action<string> Snapshot()
    {
        string counters = JsonSerializer.Serialize(new Counters(Epoch, StepOfEpoch, Step, LossSum, CrossEntropySum, ContrastiveSum, plateau.State, BestEpoch, History), Json);
        (string Prefix, ParameterSet Set)[] sets =
        [
            ("model.", model.Parameters.CloneToHost()), ("optimizer.", optimizer.State.CloneToHost()), .. Best is null ? Array.Empty<(string, ParameterSet)>() : [("best.", Best.CloneToHost())],
        ];
        return path =>
        {
            try
            {
                SafeTensors.Write(path, sets.SelectMany(part => part.Set.ToSafeTensors(part.Prefix)), new Dictionary<string, string> { ["state"] = counters });
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

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private sealed record Counters(
        int Epoch, int StepOfEpoch, long Step, double LossSum, double CrossEntropySum, double ContrastiveSum, PlateauSchedule.Memory Plateau, EpochResult? BestEpoch, List<EpochResult> History);
}
