using System.Diagnostics;
using Ser.Learning.Projection;
using TorchSharp;

namespace Ser.Bench.Learning;

/// <summary>
/// Times of one run of the projection benchmark. Processor seconds are summed over threads, and hardly depend on the machine's other load.
/// </summary>
/// <param name="Rows">Number of embeddings.</param>
/// <param name="Dimension">Length of an embedding.</param>
/// <param name="Threads">Number of threads.</param>
/// <param name="PcaSeconds">Wall time of PCA: covariance, all eigenvalues, ten components and scores.</param>
/// <param name="PcaProcessorSeconds">Processor time of PCA.</param>
/// <param name="TsneSeconds">Wall time of t-SNE: neighbours, probabilities, initialisation and all iterations.</param>
/// <param name="TsneProcessorSeconds">Processor time of t-SNE.</param>
/// <param name="MeasuresSeconds">Wall time of trustworthiness, and of class separation on the map and in the embeddings.</param>
/// <param name="MeasuresProcessorSeconds">Processor time of these measures.</param>
/// <param name="Iterations">Iterations of t-SNE.</param>
/// <param name="Divergence">KL divergence of the map. It is returned so that the work cannot be optimised away.</param>
/// <param name="Trustworthiness">Trustworthiness of the map, over 12 neighbours.</param>
/// <param name="Silhouette">Silhouette of the map.</param>
public sealed record ProjectionTimes(
    int Rows,
    int Dimension,
    int Threads,
    double PcaSeconds,
    double PcaProcessorSeconds,
    double TsneSeconds,
    double TsneProcessorSeconds,
    double MeasuresSeconds,
    double MeasuresProcessorSeconds,
    int Iterations,
    double Divergence,
    double? Trustworthiness,
    double? Silhouette);

/// <summary>Benchmarks the projection of a fold of IEMOCAP's size: 5,531 embeddings of 768 numbers in four clusters.</summary>
public static class ProjectionBench
{
    private const int Rows = 5531;
    private const int Classes = 4;
    private const int Components = 10;
    private const int Neighbours = 12;
    private const double ClusterDistance = 0.2; // large enough for t-SNE to separate the four clusters

    /// <summary>
    /// Measures once, on embeddings that are the same on every machine. <paramref name="report"/> is called with the name of each step.
    /// </summary>
    public static ProjectionTimes Run(int threads, Action<string> report)
    {
        torch.set_num_threads(threads);
        const int width = RetrievalBench.Dimension;
        float[] x = RetrievalBench.Rows(Rows, 1, ClusterDistance);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % Classes)];
        var options = new TSneOptions { Threads = threads };
        report("PCA");
        var pca = Timed(() =>
        {
            var fitted = Pca.Fit(x, width, Components, threads);
            return fitted.Transform(x);
        });
        report($"t-SNE, {options.Iterations} iterations");
        var tsne = Timed(() => TSne.Run(x, width, options));
        report("trustworthiness and separation");
        var measures = Timed(() =>
        {
            double[] map = tsne.Result.Map;
            ClassSeparation.Compute(Array.ConvertAll(x, value => (double)value), width, labels, Classes, threads);
            var separation = ClassSeparation.Compute(map, 2, labels, Classes, threads);
            return (Trust: Trustworthiness.Compute(x, width, map, Neighbours, threads), Map: separation);
        });
        return new ProjectionTimes(
            Rows, width, threads, pca.Seconds, pca.Processor, tsne.Seconds, tsne.Processor, measures.Seconds, measures.Processor,
            options.Iterations, tsne.Result.Divergence, measures.Result.Trust, measures.Result.Map.Silhouette);
    }

    private static Measurement<T> Timed<T>(Func<T> work)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        long started = Stopwatch.GetTimestamp();
        var result = work();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        return new(result, seconds, (process.TotalProcessorTime - before).TotalSeconds);
    }

    private sealed record Measurement<T>(T Result, double Seconds, double Processor);
}
