using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Learning.Projection;
using Ser.Runners.BuildDatastore;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.Project;

namespace Ser.Runners.Project;

/// <summary>
/// Writes projection.json, a <see cref="FoldProjection"/>. The stage is short compared with fine-tuning, so it writes no checkpoints and
/// starts again after an interruption.
/// </summary>
public sealed class ProjectRunner : IStageRunner
{
    private const int PrincipalComponents = 10;

    /// <inheritdoc/>
    public string Stage => ProjectStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<ProjectSpec>(context.Spec);
        Machine.Configure(spec.Compute);
        var store = Datastore.Read(Path.Combine(context.Parents[BuildDatastoreStage.StageName], Datastore.FileName));
        int[] rows = store.RowsOn(Side.Train, Side.Validation, Side.Test);
        var work = new Work(store, rows, spec.Compute.Threads, stop);
        long step = 0;
        void Report(TSneProgress? progress) =>
            context.Report(new StageProgress(++step, progress?.Iteration ?? 0, progress?.Iterations ?? 0, progress?.Divergence));

        Report(null);
        var tsne = spec.Methods.Contains(ProjectionSettings.Tsne) ? Tsne(work, spec, Report) : null;
        Report(null);
        var pca = spec.Methods.Contains(ProjectionSettings.Pca) ? Pca(work) : null;
        Report(null);
        ProjectionFile.Write(context.Output, new FoldProjection(
            spec.Number,
            [.. rows.Select(store.Utterance)],
            [.. rows.Select(row => store.SideOf(row).ToString().ToLowerInvariant())],
            work.Labels,
            work.Separation(rows),
            work.Separation(store.RowsOn(Side.Test)),
            pca,
            tsne));
        Report(null);
    }

    private static TsneMap Tsne(Work work, ProjectSpec spec, Action<TSneProgress?> report)
    {
        var options = new TSneOptions
        {
            Perplexity = spec.Perplexity!.Value,
            Iterations = spec.Iterations!.Value,
            Seed = spec.Seed!.Value,
            Threads = spec.Compute.Threads,
        };
        var result = TSne.Run(work.Embeddings, work.Width, options, report, work.Stop);
        double[] x = Column(result.Map, 2, 0);
        double[] y = Column(result.Map, 2, 1);
        return new TsneMap(
            x, y, result.Divergence, options.Perplexity, result.Perplexity, options.Iterations,
            work.Trust(result.Map), work.Separation(result.Map));
    }

    private static PcaMap Pca(Work work)
    {
        var pca = Ser.Learning.Projection.Pca.Fit(work.Embeddings, work.Width, PrincipalComponents, work.Threads, work.Stop);
        double[] scores = pca.Transform(work.Embeddings);
        int components = pca.Components.Length;
        double[] x = Column(scores, components, 0);
        double[] y = components > 1 ? Column(scores, components, 1) : new double[x.Length];
        double[] map = [.. x.Zip(y).SelectMany(point => new[] { point.First, point.Second })];
        return new PcaMap(x, y, pca.Ratio, work.Trust(map), work.Separation(map));
    }

    private static double[] Column(double[] values, int width, int column) =>
        [.. Enumerable.Range(0, values.Length / width).Select(i => values[(i * width) + column])];

    /// <summary>The embeddings of a fold and the measures on them.</summary>
    private sealed class Work(Datastore store, int[] rows, int threads, CancellationToken stop)
    {
        internal float[] Embeddings { get; } = store.Embeddings(rows);

        internal int[] Labels { get; } = [.. rows.Select(store.Class)];

        internal int Width => store.Width;

        internal int Threads => threads;

        internal CancellationToken Stop => stop;

        internal double? Trust(double[] map) =>
            Trustworthiness.Compute(Embeddings, Width, map, TsneMap.TrustworthinessNeighbours, threads, stop);

        internal Separation Separation(int[] selected)
        {
            double[] embeddings = Array.ConvertAll(store.Embeddings(selected), value => (double)value);
            int[] labels = [.. selected.Select(store.Class)];
            return ToResult(ClassSeparation.Compute(embeddings, Width, labels, store.Classes, threads, stop));
        }

        internal Separation Separation(double[] map) => ToResult(ClassSeparation.Compute(map, 2, Labels, store.Classes, threads, stop));

        private static Separation ToResult(ClassSeparation measured) =>
            new(
                measured.Rows,
                measured.Silhouette,
                measured.SilhouetteByClass,
                measured.Purity,
                measured.Neighbours,
                measured.Intra,
                measured.Inter);
    }
}
