using Ser.Learning.Training;

namespace Ser.Learning.Baseline;

/// <summary>One regularisation and kernel width with its results on the validation speakers.</summary>
/// <param name="Gamma">γ of the kernel.</param>
/// <param name="Penalty">λ of the least squares.</param>
/// <param name="Sharpness">β of the calibration.</param>
/// <param name="ValidationLoss">Cross-entropy on validation utterances.</param>
/// <param name="ValidationWa">Share of correct predictions.</param>
/// <param name="ValidationUa">Mean recall over the classes present.</param>
public sealed record BaselineCandidate(
    double Gamma, double Penalty, double Sharpness, double ValidationLoss, double ValidationWa, double ValidationUa);

/// <summary>A trained baseline, the candidates it was chosen from, and the single point of its learning curve.</summary>
public sealed record BaselineResult(
    BaselineModel Model, EpochResult Point, BaselineCandidate Chosen, IReadOnlyList<BaselineCandidate> Tried);

/// <summary>
/// Trains the baseline of one fold. Only training utterances determine standardisation and coefficients.
/// Validation utterances choose γ and λ (lowest loss; on a tie the smoother function) and fit β. The model is not retrained on them
/// afterwards, because k and α are chosen on them too.
/// The criterion is the loss and not UA, as it is for epochs: with a few dozen validation utterances UA moves in steps of whole percentage
/// points, and the best of 16 candidates would be mostly chance.
/// </summary>
public static class BaselineTraining
{
    /// <summary>
    /// Largest number of training utterances in the kernel, whose memory grows with the square (4 × 288 MB at 6,000).
    /// Of larger training sets so many utterances are used, evenly spaced in corpus order.
    /// </summary>
    public const int MaxRows = 6000;

    private static readonly double[] Gammas = [0.25, 0.5, 1, 2];
    private static readonly double[] Penalties = [10, 1, 0.1, 0.01];

    /// <param name="train">Training utterances in corpus order, with waveforms at 16 kHz as for <see cref="ISpeechModel.Embed"/>.</param>
    /// <param name="validation">Validation utterances, of other speakers.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="report">Called with a step counter after each utterance and each candidate.</param>
    /// <param name="stop">Checked after each utterance and each candidate.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static BaselineResult Run(
        IReadOnlyList<TrainingUtterance> train,
        IReadOnlyList<TrainingUtterance> validation,
        int classes,
        Action<long> report,
        CancellationToken stop)
    {
        long steps = 0;
        train = Subsample(train);
        double[][] vectors = Vectors(train);
        var standard = Standardisation.Fit(vectors);
        float[][] rows = Array.ConvertAll(vectors, standard.Apply);
        float[][] validationRows = Array.ConvertAll(Vectors(validation), standard.Apply);
        int[] labels = [.. train.Select(utterance => utterance.Class)];
        int[] validationLabels = [.. validation.Select(utterance => utterance.Class)];
        float[] support = [.. rows.SelectMany(row => row)];
        double[] distances = Distances(rows);
        double[] validationDistances = Distances(validationRows);
        double[] kernel = new double[distances.Length];
        double[] validationKernel = new double[validationDistances.Length];

        var tried = new List<BaselineCandidate>();
        FittedCandidate? best = null;
        foreach (double gamma in Gammas)
        {
            KernelClassifier.Kernel(distances, gamma / SpeechStatistics.Width, kernel);
            KernelClassifier.Kernel(validationDistances, gamma / SpeechStatistics.Width, validationKernel);
            foreach (double penalty in Penalties)
            {
                var (coefficients, bias) = KernelRidge.Solve(kernel, labels, classes, penalty);
                double[][] validationScores = Scores(validationKernel, validationRows.Length, coefficients, bias);
                var candidate = Evaluate(validationScores, validationLabels, classes, gamma, penalty);
                tried.Add(candidate);
                if (best is null || candidate.ValidationLoss < best.Candidate.ValidationLoss)
                {
                    double loss = Loss(Scores(kernel, rows.Length, coefficients, bias), labels, candidate.Sharpness);
                    best = new FittedCandidate(candidate, new KernelClassifier(support, coefficients, bias, gamma), loss);
                }

                Step();
            }
        }

        var (chosen, classifier, trainingLoss) = best!;
        var point = new EpochResult(
            Epoch: 1,
            Loss: trainingLoss,
            CrossEntropy: trainingLoss,
            Contrastive: 0,
            chosen.ValidationLoss,
            chosen.ValidationWa,
            chosen.ValidationUa,
            LearningRate: 0);
        return new BaselineResult(new BaselineModel(standard, classifier, chosen.Sharpness), point, chosen, tried);

        void Step()
        {
            stop.ThrowIfCancellationRequested();
            report(++steps);
        }

        double[][] Vectors(IReadOnlyList<TrainingUtterance> utterances) => [.. utterances.Select(utterance =>
        {
            Step();
            return SpeechStatistics.Compute(utterance.Read());
        })];

        // Squared distances [queries × training rows].
        double[] Distances(float[][] queries)
        {
            double[] squares = new double[(long)queries.Length * rows.Length];
            for (int query = 0; query < queries.Length; query++)
            {
                stop.ThrowIfCancellationRequested();
                KernelClassifier.SquaredDistances(queries[query], support).CopyTo(squares, (long)query * rows.Length);
            }

            return squares;
        }
    }

    private static IReadOnlyList<TrainingUtterance> Subsample(IReadOnlyList<TrainingUtterance> train) => train.Count <= MaxRows
        ? train
        : [.. Enumerable.Range(0, MaxRows).Select(i => train[(int)((long)i * train.Count / MaxRows)])];

    private static double[][] Scores(double[] kernel, int count, double[] coefficients, double[] bias)
    {
        int n = kernel.Length / count;
        return [.. Enumerable.Range(0, count).Select(row => KernelClassifier.Scores(kernel.AsSpan(row * n, n), coefficients, bias))];
    }

    private static BaselineCandidate Evaluate(double[][] scores, int[] truth, int classes, double gamma, double penalty)
    {
        var tally = new Tally(classes);
        for (int row = 0; row < truth.Length; row++)
        {
            tally.Add(truth[row], scores[row]);
        }

        double sharpness = Calibration.FitSharpness(scores, truth);
        return new BaselineCandidate(gamma, penalty, sharpness, Loss(scores, truth, sharpness), tally.Wa, tally.Ua);
    }

    private static double Loss(double[][] scores, int[] labels, double sharpness) =>
        Enumerable.Range(0, labels.Length).Average(row => -Calibration.LogSoftmax(scores[row], sharpness)[labels[row]]);

    private sealed record FittedCandidate(BaselineCandidate Candidate, KernelClassifier Classifier, double TrainingLoss);
}
