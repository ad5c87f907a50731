using Ser.Domain.Randomness;
using Ser.Learning.Baseline;
using TorchSharp;

namespace Ser.Learning.Tests.Baseline;

public class KernelRidgeTests
{
    private const int Rows = 23;
    private const int Width = 5;
    private const int Classes = 3;

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(30)]
    public void It_solves_the_bordered_system(double penalty)
    {
        var (_, kernel, labels) = Problem(1);
        double[] before = [.. kernel];
        var (coefficients, bias) = KernelRidge.Solve(kernel, labels, Classes, penalty);
        Assert.Equal(before, kernel);

        // [0 1ᵀ; 1 K + λ W⁻¹] [b; α] = [0; y], by Gauss's elimination.
        double[] weights = KernelRidge.Weights(labels);
        double[,] system = new double[Rows + 1, Rows + 1 + Classes];
        for (int i = 0; i < Rows; i++)
        {
            system[0, i + 1] = system[i + 1, 0] = 1;
            system[i + 1, Rows + 1 + labels[i]] = 1;
            for (int j = 0; j < Rows; j++)
            {
                system[i + 1, j + 1] = kernel[(i * Rows) + j] + (i == j ? penalty / weights[i] : 0);
            }
        }

        double[,] solved = Eliminate(system, Rows + 1);
        for (int c = 0; c < Classes; c++)
        {
            Assert.Equal(solved[0, c], bias[c], 1e-9);
            for (int i = 0; i < Rows; i++)
            {
                Assert.Equal(solved[i + 1, c], coefficients[(i * Classes) + c], 1e-9);
            }
        }
    }

    [Fact]
    public void Nothing_nearby_fits_better()
    {
        const double penalty = 0.3;
        var (_, kernel, labels) = Problem(2);
        var (coefficients, bias) = KernelRidge.Solve(kernel, labels, Classes, penalty);
        double least = Objective(kernel, labels, coefficients, bias, penalty);
        var draw = new RandomStream(1, 0, 0, "perturbation");
        for (int trial = 0; trial < 200; trial++)
        {
            double size = trial % 2 == 0 ? 1e-2 : 1e-4;
            double[] otherCoefficients = Array.ConvertAll(coefficients, value => value + (size * draw.NextNormal()));
            double[] otherBias = Array.ConvertAll(bias, value => value + (size * draw.NextNormal()));
            Assert.True(Objective(kernel, labels, otherCoefficients, otherBias, penalty) > least);
        }
    }

    [Fact]
    public void Classes_count_the_same()
    {
        int[] labels = [0, 0, 0, 0, 0, 0, 1, 1, 3];
        double[] weights = KernelRidge.Weights(labels);
        Assert.Equal(1, weights.Average(), 1e-12);
        foreach (int present in (int[])[0, 1, 3])
        {
            Assert.Equal(3, labels.Zip(weights).Where(row => row.First == present).Sum(row => row.Second), 1e-12);
        }
    }

    [Fact]
    public void Repeated_rows_and_a_class_without_rows_do_no_harm()
    {
        var (rows, _, labels) = Problem(3);
        float[] twice = [.. rows, .. rows];
        int[] both = [.. labels, .. labels];
        var (coefficients, bias) = KernelRidge.Solve(Kernel(twice), both, Classes + 1, 0.01);
        Assert.All(coefficients.Concat(bias), value => Assert.True(double.IsFinite(value)));
        Assert.Equal(0, bias[Classes]);
        Assert.All(Enumerable.Range(0, both.Length), row => Assert.Equal(0, coefficients[(row * (Classes + 1)) + Classes]));
    }

    [Fact]
    public void Scores_of_a_row_are_those_of_the_kernel()
    {
        var (rows, kernel, labels) = Problem(4);
        var (coefficients, bias) = KernelRidge.Solve(kernel, labels, Classes, 0.1);
        var classifier = new KernelClassifier(rows, coefficients, bias, Gamma: 1);
        for (int row = 0; row < Rows; row++)
        {
            double[] scores = classifier.Scores(rows.AsSpan(row * Width, Width));
            for (int c = 0; c < Classes; c++)
            {
                double product = Enumerable.Range(0, Rows).Sum(i => kernel[(row * Rows) + i] * coefficients[(i * Classes) + c]);
                Assert.Equal(bias[c] + product, scores[c], 1e-12);
            }
        }
    }

    private static (float[] Rows, double[] Kernel, int[] Labels) Problem(long seed)
    {
        torch.set_num_threads(1);
        var draw = new RandomStream(seed, 0, 0, "problem");
        float[] rows = [.. Enumerable.Range(0, Rows * Width).Select(_ => (float)draw.NextNormal())];
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % 5 == 0 ? 1 : row % 7 == 0 ? 2 : 0)];
        return (rows, Kernel(rows), labels);
    }

    // exp(-|x - y|² / D), by the definition.
    private static double[] Kernel(float[] rows)
    {
        int n = rows.Length / Width;
        double Difference(int at, int c) => (double)rows[(at / n * Width) + c] - rows[(at % n * Width) + c];
        double SquaredDistance(int at) => Enumerable.Range(0, Width).Sum(c => Math.Pow(Difference(at, c), 2));
        return [.. Enumerable.Range(0, n * n).Select(at => Math.Exp(-SquaredDistance(at) / Width))];
    }

    private static double Objective(double[] kernel, int[] labels, double[] coefficients, double[] bias, double penalty)
    {
        double[] weights = KernelRidge.Weights(labels);
        double sum = 0;
        for (int c = 0; c < Classes; c++)
        {
            for (int i = 0; i < Rows; i++)
            {
                double fitted = Enumerable.Range(0, Rows).Sum(j => kernel[(i * Rows) + j] * coefficients[(j * Classes) + c]);
                double missed = (labels[i] == c ? 1 : 0) - fitted - bias[c];
                sum += (weights[i] * missed * missed) + (penalty * coefficients[(i * Classes) + c] * fitted);
            }
        }

        return sum;
    }

    private static double[,] Eliminate(double[,] system, int n)
    {
        int columns = system.GetLength(1);
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(row => Math.Abs(system[row, k]));
            for (int c = 0; c < columns; c++)
            {
                (system[k, c], system[pivot, c]) = (system[pivot, c], system[k, c]);
            }

            for (int row = 0; row < n; row++)
            {
                double share = row == k ? 0 : system[row, k] / system[k, k];
                for (int c = k; c < columns && share != 0; c++)
                {
                    system[row, c] -= share * system[k, c];
                }
            }
        }

        double[,] solved = new double[n, columns - n];
        for (int row = 0; row < n; row++)
        {
            for (int c = n; c < columns; c++)
            {
                solved[row, c - n] = system[row, c] / system[row, row];
            }
        }

        return solved;
    }
}
