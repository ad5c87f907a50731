using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Projection;

/// <summary>
/// Eigenvalues and leading eigenvectors of a symmetric matrix in double, by Householder's reduction to a tridiagonal matrix and the
/// implicit QL method (EISPACK's tql2). Unlike libtorch's, the results have the same bits for any number of threads.
/// </summary>
internal static class SymmetricEigen
{
    private const int MaxSweeps = 60;

    /// <summary>Computes all eigenvalues, the largest first, and the unit eigenvectors of the first <paramref name="vectors"/>.</summary>
    /// <param name="a">[n, n], symmetric; overwritten.</param>
    /// <param name="n">Number of rows and columns.</param>
    /// <param name="vectors">Number of eigenvectors.</param>
    internal static EigenDecomposition Decompose(double[] a, int n, int vectors)
    {
        double[] d = new double[n];
        double[] e = new double[n];
        double[][] reflections = Tridiagonalize(a, n, d, e);
        double[][] rows = Identity(n);
        Diagonalize(d, e, rows);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => d[i])];
        double[] eigenvalues = [.. order.Select(i => d[i])];
        double[][] eigenvectors = [.. order.Take(vectors).Select(i => ApplyReflections(rows[i], reflections))];
        return new EigenDecomposition(eigenvalues, eigenvectors);
    }

    private static double[][] Identity(int n)
    {
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++)
        {
            rows[i] = new double[n];
            rows[i][i] = 1;
        }

        return rows;
    }

    // A ← H A H with H = I - β v vᵀ, column by column. d is the diagonal, and e[i] the entry between i and i + 1. Returns v·√β of
    // each step.
    private static double[][] Tridiagonalize(double[] a, int n, double[] d, double[] e)
    {
        double[][] reflections = new double[Math.Max(0, n - 2)][];
        double[] w = new double[n];
        for (int k = 0; k < n - 2; k++)
        {
            int first = k + 1, m = n - first;
            double[] v = a.AsSpan((k * n) + first, m).ToArray();
            double norm = Math.Sqrt(Dot(v, v));
            double alpha = v[0] > 0 ? -norm : norm;
            d[k] = a[(k * n) + k];
            e[k] = alpha;
            v[0] -= alpha;
            double square = Dot(v, v);
            reflections[k] = v;
            if (square == 0)
            {
                e[k] = 0;
                continue;
            }

            double scale = Math.Sqrt(2 / square);
            for (int i = 0; i < m; i++)
            {
                v[i] *= scale;
            }

            // p = A v, w = p - ½ (pᵀv) v, A ← A - v wᵀ - w vᵀ.
            for (int i = 0; i < m; i++)
            {
                w[i] = Dot(a.AsSpan(((first + i) * n) + first, m), v);
            }

            double half = Dot(w.AsSpan(0, m), v) / 2;
            for (int i = 0; i < m; i++)
            {
                w[i] -= half * v[i];
            }

            for (int i = 0; i < m; i++)
            {
                Subtract(a.AsSpan(((first + i) * n) + first, m), v[i], w, w[i], v);
            }
        }

        for (int k = Math.Max(0, n - 2); k < n; k++)
        {
            d[k] = a[(k * n) + k];
            e[k] = k + 1 < n ? a[(k * n) + k + 1] : 0;
        }

        return reflections;
    }

    // Turns the rows of the identity into eigenvectors of the tridiagonal matrix. A row is a column of EISPACK's z, so that rotations
    // access memory sequentially.
    private static void Diagonalize(double[] d, double[] e, double[][] rows)
    {
        int n = d.Length;
        double shift = 0, largest = 0;
        double epsilon = Math.Pow(2, -52);
        for (int l = 0; l < n; l++)
        {
            largest = Math.Max(largest, Math.Abs(d[l]) + Math.Abs(e[l]));
            int m = l;
            while (Math.Abs(e[m]) > epsilon * largest)
            {
                m++;
            }

            for (int sweep = 0; m > l && Math.Abs(e[l]) > epsilon * largest; sweep++)
            {
                if (sweep == MaxSweeps)
                {
                    throw new InvalidOperationException(
                        $"the eigenvalues of a {n} × {n} matrix did not converge: its values should be finite");
                }

                double g = d[l];
                double p = (d[l + 1] - g) / (2 * e[l]);
                double r = p < 0 ? -Hypotenuse(p, 1) : Hypotenuse(p, 1);
                d[l] = e[l] / (p + r);
                d[l + 1] = e[l] * (p + r);
                double next = d[l + 1], h = g - d[l];
                for (int i = l + 2; i < n; i++)
                {
                    d[i] -= h;
                }

                shift += h;
                p = d[m];
                double c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0, offDiagonal = e[l + 1];
                for (int i = m - 1; i >= l; i--)
                {
                    (c3, c2, s2) = (c2, c, s);
                    g = c * e[i];
                    h = c * p;
                    r = Hypotenuse(p, e[i]);
                    e[i + 1] = s * r;
                    s = e[i] / r;
                    c = p / r;
                    p = (c * d[i]) - (s * g);
                    d[i + 1] = h + (s * ((c * g) + (s * d[i])));
                    Rotate(rows[i], rows[i + 1], c, s);
                }

                p = -s * s2 * c3 * offDiagonal * e[l] / next;
                e[l] = s * p;
                d[l] = c * p;
            }

            d[l] += shift;
            e[l] = 0;
        }
    }

    // Turns an eigenvector of the tridiagonal matrix into one of the original matrix by applying the reflections, the last one first.
    private static double[] ApplyReflections(double[] vector, double[][] reflections)
    {
        double[] x = [.. vector];
        for (int k = reflections.Length - 1; k >= 0; k--)
        {
            double[] v = reflections[k];
            var part = x.AsSpan(k + 1);
            double product = Dot(part, v);
            for (int i = 0; i < v.Length; i++)
            {
                part[i] -= product * v[i];
            }
        }

        return x;
    }

    private static double Hypotenuse(double a, double b) => Math.Sqrt((a * a) + (b * b));

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double p = ref MemoryMarshal.GetReference(a);
        ref double q = ref MemoryMarshal.GetReference(b);
        Vector256<double> s0 = default, s1 = default;
        int k = 0;
        for (; k + 7 < a.Length; k += 8)
        {
            s0 += Vector256.LoadUnsafe(ref p, (nuint)k) * Vector256.LoadUnsafe(ref q, (nuint)k);
            s1 += Vector256.LoadUnsafe(ref p, (nuint)(k + 4)) * Vector256.LoadUnsafe(ref q, (nuint)(k + 4));
        }

        var lanes = s0 + s1;
        double sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (; k < a.Length; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    // row ← row - f·x - g·y, element by element, so that the width of a vector changes no bit.
    private static void Subtract(Span<double> row, double f, double[] x, double g, double[] y)
    {
        var (fs, gs) = (new Vector<double>(f), new Vector<double>(g));
        int k = 0;
        for (; k + Vector<double>.Count <= row.Length; k += Vector<double>.Count)
        {
            var values = new Vector<double>(row[k..]) - (fs * new Vector<double>(x, k)) - (gs * new Vector<double>(y, k));
            values.CopyTo(row[k..]);
        }

        for (; k < row.Length; k++)
        {
            row[k] = row[k] - (f * x[k]) - (g * y[k]);
        }
    }

    private static void Rotate(double[] a, double[] b, double c, double s)
    {
        var (cs, ss) = (new Vector<double>(c), new Vector<double>(s));
        int k = 0;
        for (; k + Vector<double>.Count <= a.Length; k += Vector<double>.Count)
        {
            var (x, y) = (new Vector<double>(a, k), new Vector<double>(b, k));
            ((ss * x) + (cs * y)).CopyTo(b, k);
            ((cs * x) - (ss * y)).CopyTo(a, k);
        }

        for (; k < a.Length; k++)
        {
            (a[k], b[k]) = ((c * a[k]) - (s * b[k]), (s * a[k]) + (c * b[k]));
        }
    }
}

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix.</summary>
/// <param name="Values">All eigenvalues, the largest first.</param>
/// <param name="Vectors">Unit eigenvectors of the first eigenvalues.</param>
internal readonly record struct EigenDecomposition(double[] Values, double[][] Vectors);
