using System.Numerics;

namespace Ser.Domain.Selection;

/// <summary>What a choice is judged by, in whole numbers: UA first, then WA.</summary>
/// <param name="Recall">UA times the common multiple of the class sizes times the number of classes present.</param>
/// <param name="Right">Queries that are right.</param>
internal readonly record struct Merit(BigInteger Recall, int Right) : IComparable<Merit>
{
    public int CompareTo(Merit other) => Recall.CompareTo(other.Recall) is var order and not 0 ? order : Right.CompareTo(other.Right);
}

/// <summary>Turns counts of right answers by class into merits that compare without rounding.</summary>
internal sealed class Scale
{
    private readonly BigInteger[] perRight;
    private readonly BigInteger one;
    private readonly int present;
    private readonly int all;

    /// <param name="sizes">[classes], queries whose truth is the class; a class without queries is left out of UA.</param>
    public Scale(IReadOnlyList<int> sizes)
    {
        var multiple = sizes.Where(size => size > 0).Aggregate(BigInteger.One, (m, size) => m / BigInteger.GreatestCommonDivisor(m, size) * size);
        perRight = [.. sizes.Select(size => size > 0 ? multiple / size : 0)];
        one = multiple;
        present = sizes.Count(size => size > 0);
        all = sizes.Sum();
    }

    public static Scale Of(IReadOnlyList<Asked> asked, int classes)
    {
        int[] sizes = new int[classes];
        foreach (int truth in asked.SelectMany(fold => fold.Queries.Truth))
        {
            sizes[truth]++;
        }

        return new Scale(sizes);
    }

    public Merit Merit(ReadOnlySpan<int> right)
    {
        var recall = BigInteger.Zero;
        int sum = 0;
        for (int c = 0; c < right.Length; c++)
        {
            recall += right[c] * perRight[c];
            sum += right[c];
        }

        return new Merit(recall, sum);
    }

    /// <summary>The merit after one query of a class became right (+1) or wrong (-1).</summary>
    public Merit Step(Merit merit, int truth, int sign) => new(merit.Recall + (sign * perRight[truth]), merit.Right + sign);

    public double Ua(Merit merit) => (double)merit.Recall / (double)one / present;

    public double Wa(Merit merit) => (double)merit.Right / all;
}
