using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Learning.Projection;
using Ser.Runners.BuildDatastore;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.Project;

namespace Ser.Runners.Project;

/// <summary>Leaves projection.json, a <see cref="FoldProjection"/>. Short beside fine-tuning: it takes no checkpoints and begins again when it is cut off.</summary>
public sealed class ProjectRunner : IStageRunner
{
    private const int Ratios = 10;

    /// <inheritdoc/>
    public string Stage => ProjectStage.StageName;

    /// <inheritdoc/>
    public void Run(StageContext context, CancellationToken stop)
    {
        var spec = SpecJson.Read<ProjectSpec>(context.Spec);
        Machine.Use(spec.Compute);
        var store = Datastore.Read(Path.Combine(context.Parents[BuildDatastoreStage.StageName], Datastore.FileName));
        int[] rows = store.On(Side.Train, Side.Validation, Side.Test);
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
            work.Separation(store.On(Side.Test)),
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
        var made = TSne.Run(work.Embeddings, work.Width, options, report, work.Stop);
        return new TsneMap(
            Column(made.Map, 2, 0), Column(made.Map, 2, 1), made.Divergence, options.Perplexity, made.Perplexity, options.Iterations,
            work.Trust(made.Map), work.Separation(made.Map));
    }

    private static PcaMap Pca(Work work)
    {
        var pca = Ser.Learning.Projection.Pca.Fit(work.Embeddings, work.Width, Ratios, work.Threads, work.Stop);
        double[] scores = pca.Transform(work.Embeddings);
        int components = pca.Components.Length;
        double[] x = Column(scores, components, 0), y = components > 1 ? Column(scores, components, 1) : new double[x.Length];
        double[] map = [.. x.Zip(y).SelectMany(point => new[] { point.First, point.Second })];
        return new PcaMap(x, y, pca.Ratio, work.Trust(map), work.Separation(map));
    }

    private static double[] Column(double[] values, int width, int column) => [.. Enumerable.Range(0, values.Length / width).Select(i => values[(i * width) + column])];

    /// <summary>The embeddings of a fold and what is measured on them.</summary>
    private sealed class Work(Datastore store, int[] rows, int threads, CancellationToken stop)
    {
        internal float[] Embeddings { get; } = store.Embeddings(rows);

        internal int[] Labels { get; } = [.. rows.Select(store.Class)];

        internal int Width => store.Width;

        internal int Threads => threads;

        internal CancellationToken Stop => stop;

        internal double? Trust(double[] map) => Trustworthiness.Of(Embeddings, Width, map, TsneMap.TrustworthinessNeighbours, threads, stop);

        internal Separation Separation(int[] some) =>
            Written(ClassSeparation.Of(Array.ConvertAll(store.Embeddings(some), value => (double)value), Width, [.. some.Select(store.Class)], store.Classes, threads, stop));

        internal Separation Separation(double[] map) => Written(ClassSeparation.Of(map, 2, Labels, store.Classes, threads, stop));

        private static Separation Written(ClassSeparation of) => new(of.Rows, of.Silhouette, of.SilhouetteByClass, of.Purity, of.Neighbours, of.Intra, of.Inter);
    }
}
