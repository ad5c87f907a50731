using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Baseline;

/// <summary>
/// Regularised least squares on one-hot classes in the space of a kernel, one against the rest (a least-squares support vector machine), with a bias that is not penalised
/// and rows weighted so that classes count the same: the minimum of Σᵢ wᵢ |yᵢ - (Kα)ᵢ - b|² + λ tr αᵀKα, solved exactly by Cholesky's factorisation.
/// </summary>
internal static class KernelRidge
{
    /// <summary>Coefficients α [n × classes], row-major, and bias b [classes].</summary>
    /// <param name="kernel">K [n × n], row-major, symmetric and positive semi-definite. Its diagonal is changed during the call and put back.</param>
    /// <param name="labels">Class of each row.</param>
    /// <param name="classes">Number of classes; one without a row gets zeros.</param>
    /// <param name="penalty">λ, above 0.</param>
    internal static (double[] Coefficients, double[] Bias) Solve(double[] kernel, int[] labels, int classes, double penalty)
    {
        int n = labels.Length;
        double[] weights = Weights(labels);
        double[] targets = new double[n * (classes + 1)]; // y, and a column of ones
        for (int i = 0; i < n; i++)
        {
            targets[(i * (classes + 1)) + labels[i]] = 1;
            targets[(i * (classes + 1)) + classes] = 1;
        }

        // With M = K + λ W⁻¹: M α + 1 b = y and 1ᵀα = 0.
        double[] solved = Factorised(kernel, n, i => penalty / weights[i], targets, classes + 1);
        double ones = Enumerable.Range(0, n).Sum(i => solved[(i * (classes + 1)) + classes]);
        double[] bias = [.. Enumerable.Range(0, classes).Select(c => Enumerable.Range(0, n).Sum(i => solved[(i * (classes + 1)) + c]) / ones)];
        double[] coefficients = new double[n * classes];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < classes; c++)
            {
                coefficients[(i * classes) + c] = solved[(i * (classes + 1)) + c] - (bias[c] * solved[(i * (classes + 1)) + classes]);
            }
        }

        return (coefficients, bias);
    }

    /// <summary>w, with mean 1: n / (classes present · rows of the class).</summary>
    internal static double[] Weights(int[] labels)
    {
        var counts = labels.CountBy(label => label).ToDictionary();
        return Array.ConvertAll(labels, label => (double)labels.Length / (counts.Count * counts[label]));
    }

    private static double[] Factorised(double[] kernel, int n, Func<int, double> ridge, double[] targets, int columns)
    {
        double[] diagonal = [.. Enumerable.Range(0, n).Select(i => kernel[(long)i * (n + 1)])];
        for (int i = 0; i < n; i++)
        {
            kernel[(long)i * (n + 1)] += ridge(i);
        }

        try
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var factor = linalg.cholesky(tensor(kernel, [n, n]));
            return cholesky_solve(tensor(targets, [n, columns]), factor).contiguous().data<double>().ToArray();
        }
        finally
        {
            for (int i = 0; i < n; i++)
            {
                kernel[(long)i * (n + 1)] = diagonal[i];
            }
        }
    }
}
