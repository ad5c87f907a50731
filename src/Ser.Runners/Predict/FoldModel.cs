using Ser.Domain.Corpora;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Learning;
using Ser.Learning.Retrieval;
using Ser.Learning.Training;
using Ser.Runners.BuildDatastore;
using Ser.Runners.FineTune;
using Ser.Stages;

namespace Ser.Runners.Predict;

/// <summary>A fold's fine-tuned model and the store that its test is asked against: training and validation rows (eq. 3).</summary>
internal sealed class FoldModel : IDisposable
{
    private readonly FoldFiles files;
    private readonly ComputeSpec compute;
    private readonly ISpeechModel model;
    private readonly Lock gate = new(); // the baseline serves one thread at a time
    private readonly Datastore rows;
    private readonly int[] stored;
    private readonly float[] embeddings;
    private readonly Dictionary<int, Side> sides;

    private FoldModel(FoldFiles files, ComputeSpec compute)
    {
        (this.files, this.compute) = (files, compute);
        var device = Machine.Use(compute);
        (model, Description) = TrainedModel.Read(files.Model);
        (model as Classifier)?.Parameters.MoveTo(device);
        try
        {
            rows = Datastore.Read(Path.Combine(files.Datastore, Datastore.FileName));
        }
        catch
        {
            model.Dispose();
            throw;
        }

        stored = rows.On(Side.Train, Side.Validation);
        embeddings = rows.Embeddings(stored);
        sides = Enum.GetValues<Side>().SelectMany(side => rows.On(side).Select(row => (Utterance: rows.Utterance(row), side))).ToDictionary(pair => pair.Utterance, pair => pair.side);
    }

    internal TrainedModel.Description Description { get; }

    internal int StoredRows => stored.Length;

    internal static FoldModel Open(FoldFiles files, ComputeSpec compute) => new(files, compute);

    /// <summary>As BuildDatastore embeds an utterance: equal bits for equal samples. May be called from several threads at a time.</summary>
    internal (float[] Embedding, double[] Probabilities) Embed(float[] waveform)
    {
        Machine.Use(compute);
        if (model is Classifier)
        {
            var (embedding, probabilities, _) = model.Embed(waveform);
            return (embedding, probabilities);
        }

        lock (gate)
        {
            var (embedding, probabilities, _) = model.Embed(waveform);
            return (embedding, probabilities);
        }
    }

    /// <summary>As Evaluate answers a test query.</summary>
    /// <param name="queries">Embeddings and p_model.</param>
    /// <param name="utterances">Corpus utterance of each query with the same bytes, or null.</param>
    /// <param name="chosen">k, α, weighting and temperature.</param>
    /// <param name="list">Neighbours that are listed.</param>
    /// <param name="corpus">Names the neighbours.</param>
    internal FoldPrediction[] Answer(IReadOnlyList<(float[] Embedding, double[] Probabilities)> queries, IReadOnlyList<int?> utterances, Chosen chosen, int list, Corpus corpus)
    {
        Machine.Use(compute);
        var (index, distance) = NeighbourSearch.Find([.. queries.SelectMany(query => query.Embedding)], embeddings, rows.Width, Math.Max(chosen.K, list));
        var asked = new Asked(
            new QuerySet(
                [.. queries.Select(_ => -1)], [.. queries.Select(_ => "")], [.. queries.Select(_ => -1)],
                [.. queries.Select(query => query.Probabilities)],
                Array.ConvertAll(index, row => Array.ConvertAll(row, i => rows.Utterance(stored[i]))),
                Array.ConvertAll(index, row => Array.ConvertAll(row, i => rows.Class(stored[i]))),
                distance),
            files.MedianDistance);
        double[][] both = chosen.Probabilities(asked);
        double[][] votes = (chosen with { Alpha = 1 }).Probabilities(asked);
        return [.. queries.Select((query, i) => new FoldPrediction(
            files.Fold,
            utterances[i] is { } known && sides.TryGetValue(known, out var side) ? side : null,
            new Answer(query.Probabilities, votes[i], both[i]),
            [.. Enumerable.Range(0, list).Select(j => new Neighbour(
                corpus.Utterances[asked.Queries.NeighbourUtterance[i][j]].Name, asked.Queries.NeighbourClass[i][j], distance[i][j]))]))];
    }

    public void Dispose() => model.Dispose();
}
