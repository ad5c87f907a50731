using Ser.Learning.Training;

namespace Ser.Learning.Baseline;

/// <summary>One regularisation and kernel width as the validation speakers judge it.</summary>
/// <param name="Gamma">γ of the kernel.</param>
/// <param name="Penalty">λ of the least squares.</param>
/// <param name="Sharpness">β of the calibration.</param>
/// <param name="ValidationLoss">Cross-entropy on validation utterances.</param>
/// <param name="ValidationWa">Share right.</param>
/// <param name="ValidationUa">Mean recall over the classes present.</param>
public sealed record BaselineCandidate(double Gamma, double Penalty, double Sharpness, double ValidationLoss, double ValidationWa, double ValidationUa);

/// <summary>A trained baseline, how it was chosen, and its one point of a learning curve.</summary>
public sealed record BaselineResult(BaselineModel Model, EpochResult Point, BaselineCandidate Chosen, IReadOnlyList<BaselineCandidate> Tried);

/// <summary>
/// Trains the baseline of one fold. Training utterances alone decide standardisation and coefficients. Validation utterances choose γ and λ (lowest loss; on a tie the
/// smoother function) and fit β; they are not trained on afterwards, since k and α are chosen on them too. Not highest UA, as for epochs: over one speaker's few dozen utterances it moves
/// in steps of points, and the best of 16 candidates is then mostly luck.
/// </summary>
public static class BaselineTraining
{
    /// <summary>Most training utterances of the kernel: memory grows with their square (4 × 288 MB at 6,000). Beyond it so many are taken, evenly spaced in corpus order.</summary>
    public const int MostRows = 6000;

    private static readonly double[] Gammas = [0.25, 0.5, 1, 2];
    private static readonly double[] Penalties = [10, 1, 0.1, 0.01];

    /// <param name="train">In corpus order; waveforms at 16 kHz, as <see cref="ISpeechModel.Embed"/> will be given them.</param>
    /// <param name="validation">Of other speakers.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="report">Told a counter after each utterance and each candidate.</param>
    /// <param name="stop">Asked as often.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static BaselineResult Run(
        IReadOnlyList<TrainingUtterance> train, IReadOnlyList<TrainingUtterance> validation, int classes, Action<long> report, CancellationToken stop)
    {
        long steps = 0;
        train = Thin(train);
        double[][] vectors = Vectors(train);
        var standard = Standardisation.Of(vectors);
        float[][] rows = Array.ConvertAll(vectors, standard.Apply), held = Array.ConvertAll(Vectors(validation), standard.Apply);
        int[] labels = [.. train.Select(utterance => utterance.Class)], truth = [.. validation.Select(utterance => utterance.Class)];
        float[] support = [.. rows.SelectMany(row => row)];
        double[] among = Distances(rows), asked = Distances(held), kernel = new double[among.Length], query = new double[asked.Length];

        var tried = new List<BaselineCandidate>();
        (BaselineCandidate Candidate, KernelClassifier Classifier, double Loss)? best = null;
        foreach (double gamma in Gammas)
        {
            KernelClassifier.Kernel(among, gamma / SpeechStatistics.Width, kernel);
            KernelClassifier.Kernel(asked, gamma / SpeechStatistics.Width, query);
            foreach (double penalty in Penalties)
            {
                var (coefficients, bias) = KernelRidge.Solve(kernel, labels, classes, penalty);
                var candidate = Judge(Scores(query, held.Length, coefficients, bias), truth, classes, gamma, penalty);
                tried.Add(candidate);
                if (best is not { Candidate: var before } || candidate.ValidationLoss < before.ValidationLoss)
                {
                    double loss = Loss(Scores(kernel, rows.Length, coefficients, bias), labels, candidate.Sharpness);
                    best = (candidate, new KernelClassifier(support, coefficients, bias, gamma), loss);
                }

                Step();
            }
        }

        var (chosen, classifier, trainingLoss) = best!.Value;
        var point = new EpochResult(1, trainingLoss, trainingLoss, 0, chosen.ValidationLoss, chosen.ValidationWa, chosen.ValidationUa, 0);
        return new BaselineResult(new BaselineModel(standard, classifier, chosen.Sharpness), point, chosen, tried);

        void Step()
        {
            stop.ThrowIfCancellationRequested();
            report(++steps);
        }

        double[][] Vectors(IReadOnlyList<TrainingUtterance> utterances) => [.. utterances.Select(utterance =>
        {
            Step();
            return SpeechStatistics.Of(utterance.Read());
        })];

        // [of × train]
        double[] Distances(float[][] of)
        {
            double[] distances = new double[(long)of.Length * rows.Length];
            for (int row = 0; row < of.Length; row++)
            {
                stop.ThrowIfCancellationRequested();
                KernelClassifier.SquaredDistances(of[row], support).CopyTo(distances, (long)row * rows.Length);
            }

            return distances;
        }
    }

    private static IReadOnlyList<TrainingUtterance> Thin(IReadOnlyList<TrainingUtterance> train) => train.Count <= MostRows
        ? train
        : [.. Enumerable.Range(0, MostRows).Select(i => train[(int)((long)i * train.Count / MostRows)])];

    private static double[][] Scores(double[] kernel, int count, double[] coefficients, double[] bias)
    {
        int n = kernel.Length / count;
        return [.. Enumerable.Range(0, count).Select(row => KernelClassifier.Scores(kernel.AsSpan(row * n, n), coefficients, bias))];
    }

    private static BaselineCandidate Judge(double[][] scores, int[] truth, int classes, double gamma, double penalty)
    {
        var tally = new Tally(classes);
        for (int row = 0; row < truth.Length; row++)
        {
            tally.Add(truth[row], scores[row]);
        }

        double sharpness = Calibration.Sharpness(scores, truth);
        return new BaselineCandidate(gamma, penalty, sharpness, Loss(scores, truth, sharpness), tally.Wa, tally.Ua);
    }

    private static double Loss(double[][] scores, int[] labels, double sharpness) =>
        Enumerable.Range(0, labels.Length).Average(row => -Calibration.LogShares(scores[row], sharpness)[labels[row]]);
}
