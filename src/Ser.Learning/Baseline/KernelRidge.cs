using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Baseline;

/// <summary>
/// Kernel ridge regression on one-hot classes, one against the rest (a least-squares support vector machine). The bias is not penalised,
/// and rows are weighted so that all classes have the same weight. The solution minimises Σᵢ wᵢ |yᵢ - (Kα)ᵢ - b|² + λ tr
/// αᵀKα exactly, by a Cholesky factorisation.
/// </summary>
internal static class KernelRidge
{
    /// <summary>Solves for coefficients and bias.</summary>
    /// <param name="kernel">
    /// K [n × n], row-major, symmetric and positive semi-definite. Its diagonal is changed during the call and then restored.
    /// </param>
    /// <param name="labels">Class of each row.</param>
    /// <param name="classes">Number of classes; a class without rows gets zeros.</param>
    /// <param name="penalty">λ, above 0.</param>
    internal static KernelSolution Solve(double[] kernel, int[] labels, int classes, double penalty)
    {
        int n = labels.Length;
        double[] weights = Weights(labels);
        int columns = classes + 1;
        double[] targets = new double[n * columns]; // y and a column of ones
        for (int i = 0; i < n; i++)
        {
            targets[(i * columns) + labels[i]] = 1;
            targets[(i * columns) + classes] = 1;
        }

        // With M = K + λ W⁻¹, the solution satisfies M α + 1 b = y and 1ᵀα = 0.
        double[] solved = SolveRidge(kernel, n, i => penalty / weights[i], targets, columns);
        double ones = ColumnSum(classes);
        double[] bias = [.. Enumerable.Range(0, classes).Select(c => ColumnSum(c) / ones)];
        double[] coefficients = new double[n * classes];
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < classes; c++)
            {
                coefficients[(i * classes) + c] = solved[(i * columns) + c] - (bias[c] * solved[(i * columns) + classes]);
            }
        }

        return new KernelSolution(coefficients, bias);

        double ColumnSum(int column) => Enumerable.Range(0, n).Sum(i => solved[(i * columns) + column]);
    }

    /// <summary>Weights w of the rows, with mean 1: n / (classes present · rows of the class).</summary>
    internal static double[] Weights(int[] labels)
    {
        var counts = labels.CountBy(label => label).ToDictionary();
        return Array.ConvertAll(labels, label => (double)labels.Length / (counts.Count * counts[label]));
    }

    private static double[] SolveRidge(double[] kernel, int n, Func<int, double> ridge, double[] targets, int columns)
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

/// <summary>Solution of a kernel ridge regression.</summary>
/// <param name="Coefficients">α [n × classes], row-major.</param>
/// <param name="Bias">b [classes].</param>
internal readonly record struct KernelSolution(double[] Coefficients, double[] Bias);
