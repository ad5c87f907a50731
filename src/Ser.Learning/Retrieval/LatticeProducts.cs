using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ser.Learning.Retrieval;

/// <summary>
/// Exact products of lattice points, computed in tiles of <see cref="Queries"/> × <see cref="Stored"/>, which is as many sums as fit into
/// sixteen registers.
/// </summary>
internal static class LatticeProducts
{
    /// <summary>Lanes of a lattice of queries.</summary>
    public const int Queries = 6;

    /// <summary>Lanes of a lattice of stored rows.</summary>
    public const int Stored = 16;

    /// <summary>Computes the products of some groups of queries with every stored row.</summary>
    /// <param name="queries">The lattice of the queries.</param>
    /// <param name="first">The first group of <see cref="Queries"/> queries.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="stored">The lattice of the stored rows.</param>
    /// <param name="dots">Receives [groups · Queries][stored rows with padding].</param>
    public static unsafe void Fill(Lattice queries, int first, int groups, Lattice stored, int[] dots)
    {
        int pairs = stored.Pairs;
        int width = stored.Step.Length;
        fixed (int* left = queries.Points, right = stored.Points, target = dots)
        {
            // The group of stored rows stays in the first-level cache while all queries are read.
            for (int column = 0; column < width; column += Stored)
            {
                for (int group = 0; group < groups; group++)
                {
                    int* a = left + ((nint)(first + group) * Queries * pairs);
                    int* b = right + ((nint)column * pairs);
                    int* c = target + ((nint)group * Queries * width) + column;
                    Tile(a, b, pairs, c, width);
                }
            }
        }
    }

    // Optimised from the first call, like the other loops of a search: a job searches only twice, and tiered compilation would optimise too
    // late. a: [pairs][6], b: [pairs][16], c: 6 rows of 16, whose starts are `width` elements apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Tile(int* a, int* b, int pairs, int* c, int width)
    {
        Vector256<int> c00 = default, c10 = default, c20 = default, c30 = default, c40 = default, c50 = default;
        Vector256<int> c01 = default, c11 = default, c21 = default, c31 = default, c41 = default, c51 = default;
        for (int i = 0; i < pairs; i++)
        {
            var (left, right) = (Vector256.Load(b), Vector256.Load(b + 8));
            var x = Vector256.Create(a[0]);
            (c00, c01) = (c00 + Dot(x, left), c01 + Dot(x, right));
            x = Vector256.Create(a[1]);
            (c10, c11) = (c10 + Dot(x, left), c11 + Dot(x, right));
            x = Vector256.Create(a[2]);
            (c20, c21) = (c20 + Dot(x, left), c21 + Dot(x, right));
            x = Vector256.Create(a[3]);
            (c30, c31) = (c30 + Dot(x, left), c31 + Dot(x, right));
            x = Vector256.Create(a[4]);
            (c40, c41) = (c40 + Dot(x, left), c41 + Dot(x, right));
            x = Vector256.Create(a[5]);
            (c50, c51) = (c50 + Dot(x, left), c51 + Dot(x, right));
            a += Queries;
            b += Stored;
        }

        Store(c00, c01, c);
        Store(c10, c11, c + width);
        Store(c20, c21, c + (2 * (nint)width));
        Store(c30, c31, c + (3 * (nint)width));
        Store(c40, c41, c + (4 * (nint)width));
        Store(c50, c51, c + (5 * (nint)width));
    }

    // a₀·b₀ + a₁·b₁ of the two 16-bit halves of every element. Integer arithmetic is exact, so both implementations give the same
    // results.
    private static Vector256<int> Dot(Vector256<int> a, Vector256<int> b) =>
        Avx2.IsSupported ? Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()) : PortableDot(a, b);

    internal static Vector256<int> PortableDot(Vector256<int> a, Vector256<int> b) =>
        (((a << 16) >> 16) * ((b << 16) >> 16)) + ((a >> 16) * (b >> 16));

    private static unsafe void Store(Vector256<int> left, Vector256<int> right, int* target)
    {
        left.Store(target);
        right.Store(target + 8);
    }
}
