using System.Numerics;

namespace Ser.Domain.Selection;

/// <summary>The score by which choices are compared, in whole numbers: UA first, then WA.</summary>
/// <param name="Recall">UA, times the common multiple of the class sizes, times the number of classes present.</param>
/// <param name="Right">Number of correct queries.</param>
internal readonly record struct Merit(BigInteger Recall, int Right) : IComparable<Merit>
{
    public int CompareTo(Merit other)
    {
        int order = Recall.CompareTo(other.Recall);
        return order != 0 ? order : Right.CompareTo(other.Right);
    }
}

/// <summary>Converts counts of correct queries by class to scores that can be compared without rounding.</summary>
internal sealed class MeritScale
{
    private readonly BigInteger[] _perRight;
    private readonly BigInteger _multiple;
    private readonly int _present;
    private readonly int _total;

    /// <param name="sizes">Shape [classes]: number of queries of each class. UA ignores classes without queries.</param>
    public MeritScale(IReadOnlyList<int> sizes)
    {
        int[] nonEmpty = [.. sizes.Where(size => size > 0)];
        _multiple = nonEmpty.Aggregate(BigInteger.One, (m, size) => m / BigInteger.GreatestCommonDivisor(m, size) * size);
        _perRight = [.. sizes.Select(size => size > 0 ? _multiple / size : 0)];
        _present = nonEmpty.Length;
        _total = sizes.Sum();
    }

    public static MeritScale FromQueries(IReadOnlyList<FoldQueries> folds, int classes)
    {
        int[] sizes = new int[classes];
        foreach (int truth in folds.SelectMany(fold => fold.Queries.Truth))
        {
            sizes[truth]++;
        }

        return new MeritScale(sizes);
    }

    public Merit Merit(ReadOnlySpan<int> right)
    {
        var recall = BigInteger.Zero;
        int sum = 0;
        for (int c = 0; c < right.Length; c++)
        {
            recall += right[c] * _perRight[c];
            sum += right[c];
        }

        return new Merit(recall, sum);
    }

    /// <summary>Returns the score after one query of a class has become correct (sign +1) or wrong (sign -1).</summary>
    public Merit Step(Merit merit, int truth, int sign) => new(merit.Recall + (sign * _perRight[truth]), merit.Right + sign);

    public double Ua(Merit merit) => (double)merit.Recall / (double)_multiple / _present;

    public double Wa(Merit merit) => (double)merit.Right / _total;
}
