using System.Diagnostics;
using Ser.Learning.Projection;
using TorchSharp;

namespace Ser.Bench.Learning;

/// <summary>What one run of the projection benchmark took. Processor seconds count every thread, and hardly depend on what else the machine does.</summary>
/// <param name="Rows">Embeddings.</param>
/// <param name="Dimension">Length of one.</param>
/// <param name="Threads">Threads.</param>
/// <param name="PcaSeconds">Covariance, all eigenvalues, ten components and scores.</param>
/// <param name="PcaProcessorSeconds">The same, of processor time.</param>
/// <param name="TsneSeconds">Neighbours, probabilities, start and all iterations.</param>
/// <param name="TsneProcessorSeconds">The same, of processor time.</param>
/// <param name="MeasuresSeconds">Trustworthiness, and separation of classes on the map and in the rows.</param>
/// <param name="MeasuresProcessorSeconds">The same, of processor time.</param>
/// <param name="Iterations">Steps of t-SNE.</param>
/// <param name="Divergence">KL of the map, so that the work cannot be left out.</param>
/// <param name="Trustworthiness">Of the map, over 12 neighbours.</param>
/// <param name="Silhouette">Of the map.</param>
public sealed record ProjectionTimes(
    int Rows, int Dimension, int Threads, double PcaSeconds, double PcaProcessorSeconds, double TsneSeconds, double TsneProcessorSeconds,
    double MeasuresSeconds, double MeasuresProcessorSeconds, int Iterations, double Divergence, double? Trustworthiness, double? Silhouette);

/// <summary>A fold of IEMOCAP's size: 5,531 rows of 768 in four clusters.</summary>
public static class ProjectionBench
{
    private const int Rows = 5531;
    private const int Classes = 4;
    private const int Components = 10;
    private const int Neighbours = 12;
    private const double Apart = 0.2; // four clusters that t-SNE tells apart

    /// <summary>Measures once, on rows that are the same on every machine; <paramref name="say"/> is told what is being measured.</summary>
    public static ProjectionTimes Run(int threads, Action<string> say)
    {
        torch.set_num_threads(threads);
        const int width = RetrievalBench.Dimension;
        float[] x = RetrievalBench.Rows(Rows, 1, Apart);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % Classes)];
        var options = new TSneOptions { Threads = threads };
        say("PCA");
        var pca = Timed(() =>
        {
            var fitted = Pca.Fit(x, width, Components, threads);
            return fitted.Transform(x);
        });
        say($"t-SNE, {options.Iterations} iterations");
        var tsne = Timed(() => TSne.Run(x, width, options));
        say("trustworthiness and separation");
        var measures = Timed(() =>
        {
            ClassSeparation.Of(Array.ConvertAll(x, value => (double)value), width, labels, Classes, threads);
            return (Trust: Trustworthiness.Of(x, width, tsne.Result.Map, Neighbours, threads), Map: ClassSeparation.Of(tsne.Result.Map, 2, labels, Classes, threads));
        });
        return new ProjectionTimes(
            Rows, width, threads, pca.Seconds, pca.Processor, tsne.Seconds, tsne.Processor, measures.Seconds, measures.Processor,
            options.Iterations, tsne.Result.Divergence, measures.Result.Trust, measures.Result.Map.Silhouette);
    }

    private static (T Result, double Seconds, double Processor) Timed<T>(Func<T> work)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        long begun = Stopwatch.GetTimestamp();
        var result = work();
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        process.Refresh();
        return (result, seconds, (process.TotalProcessorTime - before).TotalSeconds);
    }
}
