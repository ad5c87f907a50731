using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Selection;
using Ser.Learning;
using Ser.Runners.FineTune;
using Ser.Stages;

namespace Ser.Runners.Predict;

/// <summary>What recordings are labelled with.</summary>
/// <param name="Corpus">The corpus of the sweep: names of neighbours.</param>
/// <param name="Folds">One fold, or several as an ensemble.</param>
/// <param name="Chosen">k, α, weighting and temperature.</param>
/// <param name="Listed">Neighbours that each fold lists, from 0.</param>
/// <param name="Compute">As the folds' datastores were computed.</param>
public sealed record PredictionPlan(Corpus Corpus, IReadOnlyList<FoldFiles> Folds, Chosen Chosen, int Listed, ComputeSpec Compute);

/// <summary>
/// Labels recordings: embed (without padding), find neighbours, vote, interpolate (eq. 4), and average over folds. Answers depend on the recording and the folds alone, and come in
/// the order of the files. Works in batches, so memory does not grow with the number of files.
/// </summary>
public sealed class Predictor : IDisposable
{
    private const int BatchOfReopenedFolds = 128; // opening a model costs as much as a few recordings
    private readonly PredictionPlan plan;
    private readonly Recordings recordings;
    private readonly List<FoldModel> kept = [];
    private readonly TrainedModel.Description description;
    private readonly int parallel;

    /// <summary>Opens the folds: all of them where they fit into <paramref name="memory"/> bytes, else one after the other for each batch.</summary>
    /// <exception cref="InputException">A fold stores fewer rows than neighbours are asked for.</exception>
    public Predictor(PredictionPlan plan, long memory)
    {
        this.plan = plan;
        recordings = new Recordings(plan.Corpus);
        parallel = Math.Max(1, Environment.ProcessorCount / plan.Compute.Threads);
        NativeMemory.KeepFreedMemory();
        KeepsModels = plan.Folds.Count == 1 || plan.Folds.Sum(fold => fold.Bytes) <= memory;
        Batch = KeepsModels ? 4 * parallel : BatchOfReopenedFolds;
        try
        {
            foreach (var fold in plan.Folds)
            {
                var model = FoldModel.Open(fold, plan.Compute);
                kept.Add(model);
                Check(fold, model);
                description ??= model.Description;
                if (!KeepsModels)
                {
                    kept.Clear();
                    Close(model);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        description = description ?? throw new ArgumentException("there is no fold to predict with", nameof(plan));
    }

    /// <summary>Whether every fold's model is in memory, or each is opened anew for every batch.</summary>
    public bool KeepsModels { get; }

    /// <summary>Recordings that are answered together. A stop loses the work on one batch.</summary>
    public int Batch { get; }

    /// <summary>Labels files in order. On <paramref name="stop"/> it ends with the last whole batch.</summary>
    /// <param name="files">Recordings.</param>
    /// <param name="stop">Ends early.</param>
    public IEnumerable<Prediction> Predict(IReadOnlyList<string> files, CancellationToken stop)
    {
        for (int first = 0; first < files.Count; first += Batch)
        {
            var batch = new List<Prediction>();
            try
            {
                batch.AddRange(OfBatch([.. files.Skip(first).Take(Batch)], stop));
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
    public void Dispose() => kept.ForEach(model => model.Dispose());

    private IEnumerable<Prediction> OfBatch(string[] files, CancellationToken stop)
    {
        var read = new Recording[files.Length];
        Each(Enumerable.Range(0, files.Length), stop, i => read[i] = recordings.Read(files[i], description));
        var folds = new List<FoldPrediction>[files.Length];
        Array.ForEach(Enumerable.Range(0, files.Length).ToArray(), i => folds[i] = []);
        for (int fold = 0; fold < plan.Folds.Count; fold++)
        {
            var model = KeepsModels ? kept[fold] : FoldModel.Open(plan.Folds[fold], plan.Compute);
            try
            {
                Ask(model, plan.Folds[fold].Fold, read, folds, stop);
            }
            finally
            {
                if (!KeepsModels)
                {
                    Close(model);
                }
            }
        }

        return files.Select((file, i) => Whole(file, read[i], folds[i]));
    }

    private void Ask(FoldModel model, int fold, Recording[] read, List<FoldPrediction>[] folds, CancellationToken stop)
    {
        var embedded = new (float[] Embedding, double[] Probabilities)[read.Length];
        int[] Sound() => [.. Enumerable.Range(0, read.Length).Where(i => read[i].Problem is null)];
        Each(Sound(), stop, i =>
        {
            embedded[i] = model.Embed(read[i].Waveform!);
            if (!Array.TrueForAll(embedded[i].Embedding, float.IsFinite) || !Array.TrueForAll(embedded[i].Probabilities, double.IsFinite))
            {
                read[i] = read[i] with { Problem = new($"the model of fold {fold} answers with numbers that are not finite", "look at the fold's learning curve: has its training diverged?") };
            }
        });
        int[] asked = Sound();
        if (asked.Length == 0)
        {
            return;
        }

        var answers = model.Answer([.. asked.Select(i => embedded[i])], [.. asked.Select(i => read[i].Utterance)], plan.Chosen, plan.Listed, plan.Corpus);
        for (int j = 0; j < asked.Length; j++)
        {
            folds[asked[j]].Add(answers[j]);
        }
    }

    private Prediction Whole(string file, Recording read, List<FoldPrediction> folds)
    {
        string? name = read.Utterance is { } index ? plan.Corpus.Utterances[index].Name : null;
        return read.Problem is null
            ? new Prediction(file, name, Answer.Mean([.. folds.Select(fold => fold.Answer)]), folds, null)
            : new Prediction(file, name, null, [], read.Problem);
    }

    private void Each(IEnumerable<int> items, CancellationToken stop, Action<int> work)
    {
        try
        {
            Parallel.ForEach(
                Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = stop }, work);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }

    private void Check(FoldFiles fold, FoldModel model)
    {
        foreach (var (asked, what) in ((int, string)[])[(plan.Chosen.K, "k = {0}"), (plan.Listed, "{0} neighbours to list")])
        {
            if (asked > model.StoredRows)
            {
                throw new InputException(FormattableString.Invariant($"{what.Replace("{0}", $"{asked}")}: the datastore of fold {fold.Fold} stores {model.StoredRows} rows, so give at most {model.StoredRows}"));
            }
        }

        if (description is not null && (description.MaxSeconds, description.NormalizeInput) != (model.Description.MaxSeconds, model.Description.NormalizeInput))
        {
            throw new InvalidDataException($"fold {fold.Fold} takes other input than the folds before it: they are not of one arm");
        }
    }

    private static void Close(FoldModel model)
    {
        model.Dispose();
        NativeMemory.GiveBack();
    }
}
