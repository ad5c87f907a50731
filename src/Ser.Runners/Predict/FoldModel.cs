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

/// <summary>A fold's fine-tuned model and the stored rows that test queries search: training and validation rows (eq. 3).</summary>
internal sealed class FoldModel : IDisposable
{
    private readonly FoldFiles _files;
    private readonly ComputeSpec _compute;
    private readonly ISpeechModel _model;
    private readonly Lock _gate = new(); // the baseline model is not thread-safe
    private readonly Datastore _rows;
    private readonly int[] _stored;
    private readonly float[] _embeddings;
    private readonly Dictionary<int, Side> _sides;

    private FoldModel(FoldFiles files, ComputeSpec compute)
    {
        (_files, _compute) = (files, compute);
        var device = Machine.Configure(compute);
        (_model, Description) = TrainedModelFiles.Read(files.Model);
        (_model as Classifier)?.Parameters.MoveTo(device);
        try
        {
            _rows = Datastore.Read(Path.Combine(files.Datastore, Datastore.FileName));
        }
        catch
        {
            _model.Dispose();
            throw;
        }

        _stored = _rows.RowsOn(Side.Train, Side.Validation);
        _embeddings = _rows.Embeddings(_stored);
        int[] all = _rows.RowsOn(Side.Train, Side.Validation, Side.Test);
        _sides = all.ToDictionary(_rows.Utterance, _rows.SideOf);
    }

    internal TrainedModelFiles.Description Description { get; }

    internal int StoredRows => _stored.Length;

    internal static FoldModel Open(FoldFiles files, ComputeSpec compute) => new(files, compute);

    /// <summary>Embeds a recording as BuildDatastore does, with equal bits for equal samples. Thread-safe.</summary>
    internal EmbeddedRecording Embed(float[] waveform)
    {
        Machine.Configure(_compute);
        if (_model is Classifier)
        {
            return EmbedWithModel(waveform);
        }

        lock (_gate)
        {
            return EmbedWithModel(waveform);
        }
    }

    private EmbeddedRecording EmbedWithModel(float[] waveform)
    {
        var (embedding, probabilities, _) = _model.Embed(waveform);
        return new EmbeddedRecording(embedding, probabilities);
    }

    /// <summary>Predicts as Evaluate and the tables do for test queries.</summary>
    /// <param name="queries">Embeddings and p_model of the recordings.</param>
    /// <param name="utterances">For each query the corpus utterance with the same bytes, or null.</param>
    /// <param name="chosen">k, α, weighting and temperature.</param>
    /// <param name="list">Number of neighbours to list.</param>
    /// <param name="corpus">The corpus, for the names of neighbours.</param>
    internal FoldPrediction[] Predict(
        IReadOnlyList<EmbeddedRecording> queries, IReadOnlyList<int?> utterances, RetrievalChoice chosen, int list, Corpus corpus)
    {
        Machine.Configure(_compute);
        float[] vectors = [.. queries.SelectMany(query => query.Embedding)];
        var (index, distance) = NeighbourSearch.Find(vectors, _embeddings, _rows.Width, Math.Max(chosen.K, list));
        int[][] neighbourUtterances = Array.ConvertAll(index, row => Array.ConvertAll(row, i => _rows.Utterance(_stored[i])));
        int[][] neighbourClasses = Array.ConvertAll(index, row => Array.ConvertAll(row, i => _rows.Class(_stored[i])));
        int[] unknown = [.. queries.Select(_ => -1)]; // recordings have neither an index in the corpus nor a true class
        string[] noSpeakers = [.. queries.Select(_ => "")];
        double[][] model = [.. queries.Select(query => query.Probabilities)];
        var set = new QuerySet(unknown, noSpeakers, unknown, model, neighbourUtterances, neighbourClasses, distance);
        var foldQueries = new FoldQueries(set, _files.MedianDistance);
        double[][] both = chosen.Probabilities(foldQueries);
        double[][] votes = (chosen with { Alpha = 1 }).Probabilities(foldQueries);
        return [.. Enumerable.Range(0, queries.Count).Select(PredictQuery)];

        FoldPrediction PredictQuery(int query)
        {
            var answer = new InferenceProbabilities(model[query], votes[query], both[query]);
            return new FoldPrediction(_files.Fold, SideOf(utterances[query]), answer, Nearest(query));
        }

        Side? SideOf(int? utterance) => utterance is { } known && _sides.TryGetValue(known, out var side) ? side : null;

        Neighbour[] Nearest(int query) => [.. Enumerable.Range(0, list).Select(rank => new Neighbour(
            corpus.Utterances[neighbourUtterances[query][rank]].Name, neighbourClasses[query][rank], distance[query][rank]))];
    }

    public void Dispose() => _model.Dispose();
}

/// <summary>A recording as a fold's model sees it.</summary>
/// <param name="Embedding">[D], the pooled embedding.</param>
/// <param name="Probabilities">[classes], p_model of eq. 4.</param>
internal sealed record EmbeddedRecording(float[] Embedding, double[] Probabilities);
