using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Selection;
using Ser.Learning;
using Ser.Runners.FineTune;
using Ser.Stages;

namespace Ser.Runners.Predict;

/// <summary>The models and settings with which recordings are labelled.</summary>
/// <param name="Corpus">The corpus of the sweep, for the names of neighbours.</param>
/// <param name="Folds">One fold, or several as an ensemble.</param>
/// <param name="Chosen">k, α, weighting and temperature.</param>
/// <param name="Listed">Number of neighbours that each fold lists; may be 0.</param>
/// <param name="Compute">The settings with which the folds' datastores were computed.</param>
public sealed record PredictionPlan(Corpus Corpus, IReadOnlyList<FoldFiles> Folds, RetrievalChoice Chosen, int Listed, ComputeSpec Compute);

/// <summary>
/// Labels recordings: embeds them without padding, finds neighbours, votes, interpolates (eq. 4) and averages over folds. Predictions
/// depend only on the recording and the folds, and are in the order of the files. Files are processed in batches, so memory does not grow
/// with their number.
/// </summary>
public sealed class Predictor : IDisposable
{
    private const int BatchWithReopening = 128; // large, because opening a model takes as long as a few recordings
    private readonly PredictionPlan _plan;
    private readonly RecordingReader _recordings;
    private readonly List<FoldModel> _openModels = [];
    private readonly TrainedModelFiles.Description _description;
    private readonly int _parallel;

    /// <summary>Opens all folds where they fit into <paramref name="memory"/> bytes; otherwise each is opened for every batch.</summary>
    /// <exception cref="InputException">A fold stores fewer rows than the number of neighbours.</exception>
    public Predictor(PredictionPlan plan, long memory)
    {
        _plan = plan;
        _recordings = new RecordingReader(plan.Corpus);
        _parallel = Math.Max(1, Environment.ProcessorCount / plan.Compute.Threads);
        NativeMemory.KeepFreedMemory();
        KeepsModelsInMemory = plan.Folds.Count == 1 || plan.Folds.Sum(fold => fold.Bytes) <= memory;
        BatchSize = KeepsModelsInMemory ? 4 * _parallel : BatchWithReopening;
        try
        {
            foreach (var fold in plan.Folds)
            {
                var model = FoldModel.Open(fold, plan.Compute);
                _openModels.Add(model);
                Check(fold, model);
                _description ??= model.Description;
                if (!KeepsModelsInMemory)
                {
                    _openModels.Clear();
                    Close(model);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        _description = _description ?? throw new ArgumentException("there is no fold to predict with", nameof(plan));
    }

    /// <summary>Whether every fold's model stays in memory. If not, each is opened again for every batch.</summary>
    public bool KeepsModelsInMemory { get; }

    /// <summary>Number of recordings that are processed together. Cancellation loses the work of at most one batch.</summary>
    public int BatchSize { get; }

    /// <summary>Labels files in order. On <paramref name="stop"/> the sequence ends after the last complete batch.</summary>
    /// <param name="files">Paths of the recordings.</param>
    /// <param name="stop">Ends the sequence early.</param>
    public IEnumerable<Prediction> Predict(IReadOnlyList<string> files, CancellationToken stop)
    {
        for (int first = 0; first < files.Count; first += BatchSize)
        {
            var batch = new List<Prediction>();
            try
            {
                batch.AddRange(PredictBatch([.. files.Skip(first).Take(BatchSize)], stop));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                yield break;
            }

            foreach (var prediction in batch)
            {
                yield return prediction;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _openModels.ForEach(model => model.Dispose());

    private IEnumerable<Prediction> PredictBatch(string[] files, CancellationToken stop)
    {
        var read = new Recording[files.Length];
        ForEachInParallel(Enumerable.Range(0, files.Length), stop, i => read[i] = _recordings.Read(files[i], _description));
        var folds = new List<FoldPrediction>[files.Length];
        for (int i = 0; i < folds.Length; i++)
        {
            folds[i] = [];
        }

        for (int fold = 0; fold < _plan.Folds.Count; fold++)
        {
            var model = KeepsModelsInMemory ? _openModels[fold] : FoldModel.Open(_plan.Folds[fold], _plan.Compute);
            try
            {
                PredictWithFold(model, _plan.Folds[fold].Fold, read, folds, stop);
            }
            finally
            {
                if (!KeepsModelsInMemory)
                {
                    Close(model);
                }
            }
        }

        return files.Select((file, i) => Combine(file, read[i], folds[i]));
    }

    private void PredictWithFold(FoldModel model, int fold, Recording[] read, List<FoldPrediction>[] folds, CancellationToken stop)
    {
        var embedded = new EmbeddedRecording[read.Length];
        int[] Sound() => [.. Enumerable.Range(0, read.Length).Where(i => read[i].Problem is null)];
        ForEachInParallel(Sound(), stop, i =>
        {
            embedded[i] = model.Embed(read[i].Waveform!);
            bool isFinite = Array.TrueForAll(embedded[i].Embedding, float.IsFinite)
                && Array.TrueForAll(embedded[i].Probabilities, double.IsFinite);
            if (!isFinite)
            {
                string what = $"the model of fold {fold} computes numbers that are not finite";
                read[i] = read[i] with { Problem = new(what, "check the fold's learning curve: its training may have diverged") };
            }
        });
        int[] queries = Sound();
        if (queries.Length == 0)
        {
            return;
        }

        EmbeddedRecording[] embeddings = [.. queries.Select(i => embedded[i])];
        int?[] utterances = [.. queries.Select(i => read[i].Utterance)];
        var predictions = model.Predict(embeddings, utterances, _plan.Chosen, _plan.Listed, _plan.Corpus);
        for (int j = 0; j < queries.Length; j++)
        {
            folds[queries[j]].Add(predictions[j]);
        }
    }

    private Prediction Combine(string file, Recording read, List<FoldPrediction> folds)
    {
        string? name = read.Utterance is { } index ? _plan.Corpus.Utterances[index].Name : null;
        return read.Problem is null
            ? new Prediction(file, name, InferenceProbabilities.Mean([.. folds.Select(fold => fold.Answer)]), folds, null)
            : new Prediction(file, name, null, [], read.Problem);
    }

    private void ForEachInParallel(IEnumerable<int> items, CancellationToken stop, Action<int> work)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = _parallel, CancellationToken = stop };
            Parallel.ForEach(Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering), options, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }

    private void Check(FoldFiles fold, FoldModel model)
    {
        int stored = model.StoredRows;
        if (_plan.Chosen.K > stored || _plan.Listed > stored)
        {
            string requested = _plan.Chosen.K > stored ? $"k = {_plan.Chosen.K}" : $"{_plan.Listed} neighbours to list";
            throw new InputException($"{requested}: the datastore of fold {fold.Fold} stores {stored} rows, so give at most {stored}");
        }

        var (first, other) = (_description, model.Description);
        if (first is not null && (first.MaxSeconds, first.NormalizeInput) != (other.MaxSeconds, other.NormalizeInput))
        {
            throw new InvalidDataException(
                $"the model of fold {fold.Fold} has other input settings than those of the folds before it: they are not of the same arm");
        }
    }

    private static void Close(FoldModel model)
    {
        model.Dispose();
        NativeMemory.ReleaseFreeMemory();
    }
}
