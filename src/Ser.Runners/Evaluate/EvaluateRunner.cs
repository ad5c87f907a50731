using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Learning.Retrieval;
using Ser.Runners.BuildDatastore;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.Evaluate;

namespace Ser.Runners.Evaluate;

/// <summary>Writes evaluation.json, a <see cref="FoldEvaluation"/>.</summary>
public sealed class EvaluateRunner : IStageRunner
{
    /// <inheritdoc/>
    public string Stage => EvaluateStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<EvaluateSpec>(context.Spec);
        var corpus = context.Inputs.Corpus(spec.Corpus);
        var store = Datastore.Read(Path.Combine(context.Parents[BuildDatastoreStage.StageName], Datastore.FileName));

        // Validation queries search training rows only: among validation rows each query would find itself.
        var validation = Search(corpus, store, store.RowsOn(Side.Validation), store.RowsOn(Side.Train), spec.Neighbours);
        var test = Search(corpus, store, store.RowsOn(Side.Test), store.RowsOn(Side.Train, Side.Validation), spec.Neighbours);
        var evaluation = new FoldEvaluation(
            spec.Number, spec.Fold.Test!, spec.Fold.Validation, store.Classes, Median(validation.NeighbourDistance), validation, test);
        EvaluationFile.Write(context.Output, evaluation);
        context.Report(new StageProgress(1));
    }

    private static QuerySet Search(Corpus corpus, Datastore store, int[] queries, int[] stored, int neighbours)
    {
        int k = Math.Min(neighbours, stored.Length);
        var (index, distance) = NeighbourSearch.Find(store.Embeddings(queries), store.Embeddings(stored), store.Width, k);
        return new QuerySet(
            [.. queries.Select(store.Utterance)],
            [.. queries.Select(row => corpus.Utterances[store.Utterance(row)].Speaker)],
            [.. queries.Select(store.Class)],
            [.. queries.Select(store.Probabilities)],
            [.. index.Select(row => row.Select(i => store.Utterance(stored[i])).ToArray())],
            [.. index.Select(row => row.Select(i => store.Class(stored[i])).ToArray())],
            distance);
    }

    private static double Median(double[][] distances)
    {
        double[] sorted = [.. distances.SelectMany(row => row).Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
