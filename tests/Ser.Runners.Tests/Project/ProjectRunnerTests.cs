using System.Text.Json.Nodes;
using Ser.Domain.Corpora;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Runners.BuildDatastore;
using Ser.Runners.Project;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.Project;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Runners.Tests.Project;

public sealed class ProjectRunnerTests : IDisposable
{
    private const int Rows = 60;
    private const int Width = 8;
    private readonly CorpusFolder _folder = new();

    public ProjectRunnerTests()
    {
        Directory.CreateDirectory(_folder.At("datastore"));
        float[] x = Clusters.Rows(Rows, Width);
        var store = new Datastore(Rows, Width, 4);
        for (int row = 0; row < Rows; row++)
        {
            store.Set(row, 2 * row, (Side)(row / 4 % 3), row % 4, x[(row * Width)..((row + 1) * Width)], [1, 0, 0, 0]);
        }

        store.Write(Path.Combine(_folder.At("datastore"), Datastore.FileName));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_leaves_both_maps_of_every_utterance_with_their_measures()
    {
        var reported = new List<StageProgress>();
        var left = Run("both", ["pca", "tsne"], reported.Add);
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => 2 * row), left.Utterance);
        Assert.Equal(["train", "validation", "test"], new[] { left.Side[0], left.Side[4], left.Side[8] });
        Assert.Equal(Clusters.Labels(Rows), left.Class);
        Assert.Equal((3, Rows, 20), (left.Fold, left.Embedding.Utterances, left.Test.Utterances));

        var tsne = left.Tsne!;
        Assert.Equal((Rows, Rows), (tsne.X.Count, tsne.Y.Count));
        Assert.Equal((30, 59 / 3.0, 200), (tsne.PerplexityAsked, tsne.Perplexity, tsne.Iterations));
        Assert.InRange(tsne.Divergence, 0, 2);
        Assert.InRange(tsne.Trustworthiness!.Value, 0.8, 1);
        Assert.Equal(4, tsne.Separation.SilhouetteByClass.Count);
        Assert.InRange(tsne.Separation.Silhouette!.Value, 0.3, 1);

        var pca = left.Pca!;
        Assert.Equal((Rows, Rows), (pca.X.Count, pca.Y.Count));
        Assert.Equal(1, pca.VarianceRatio.Sum(), 1e-9);
        Assert.Equal(Width, pca.VarianceRatio.Count);

        Assert.Equal(Enumerable.Range(1, reported.Count).Select(step => (long)step), reported.Select(progress => progress.Step));
        Assert.Equal(200, reported.Count(progress => progress.Epochs == 200));
    }

    [Fact]
    public void Only_the_configured_methods_are_computed_and_bits_repeat_on_any_number_of_threads()
    {
        Run("one", ["tsne"]);
        Run("three", ["tsne"], threads: 3);
        Assert.Equal(File.ReadAllBytes(_folder.At("one/projection.json")), File.ReadAllBytes(_folder.At("three/projection.json")));
        Assert.Null(ProjectionFile.Read(_folder.At("one")).Pca);
        Assert.Null(Run("pca", ["pca"]).Tsne);
    }

    [Fact]
    public void A_stop_is_honoured_at_the_next_iteration_and_nothing_is_left()
    {
        using var stop = new CancellationTokenSource();
        int last = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Run("stopped", ["tsne"], progress =>
        {
            last = progress.Epoch;
            if (last == 5)
            {
                stop.Cancel();
            }
        }, stop: stop.Token));
        Assert.Equal(5, last);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.At("stopped")));
    }

    private FoldProjection Run(
        string output,
        string[] methods,
        Action<StageProgress>? report = null,
        int threads = 1,
        CancellationToken stop = default)
    {
        bool tsne = methods.Contains("tsne");
        var compute = new ComputeSpec(threads, "float32", "cpu");
        var project = new ProjectSpec(3, methods, tsne ? 30 : null, tsne ? 200 : null, tsne ? 1 : null, compute);
        JsonObject spec = SpecJson.ToNode(project);
        new ProjectRunner().Run(
            new StageContext
            {
                JobId = "job",
                Attempt = 1,
                Spec = spec,
                Parents = new Dictionary<string, string> { [BuildDatastoreStage.StageName] = _folder.At("datastore") },
                Output = Directory.CreateDirectory(_folder.At(output)).FullName,
                Cache = new SharedCache(Path.GetTempPath()),
                Inputs = new Nothing(),
                Checkpoints = new Nothing(),
                Report = report ?? (_ => { }),
            },
            stop);
        return ProjectionFile.Read(_folder.At(output));
    }

    private sealed class Nothing : IInputs, ICheckpoints
    {
        public Corpus Corpus(string digest) => throw new InvalidOperationException("a projection needs no corpus");

        public string Weights(string digest) => throw new InvalidOperationException("a projection needs no weights");

        public IReadOnlyList<string> Recordings(string digest) => throw new InvalidOperationException("a projection needs no recordings");

        public string? Latest() => null;

        public void Save(Action<string> write) => throw new InvalidOperationException("a projection takes no checkpoints");
    }
}
