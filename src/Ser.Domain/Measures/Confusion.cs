namespace Ser.Domain.Measures;

/// <summary>A confusion matrix: counts of utterances by true class (row) and predicted class (column).</summary>
/// <param name="Counts">Shape [classes][classes]; rows are true classes.</param>
public sealed record Confusion(int[][] Counts)
{
    /// <summary>Number of classes.</summary>
    public int Classes => Counts.Length;

    /// <summary>Number of utterances.</summary>
    public int Total => Counts.Sum(row => row.Sum());

    /// <summary>Weighted accuracy: the share of correct utterances.</summary>
    public double Wa => (double)Enumerable.Range(0, Classes).Sum(c => Counts[c][c]) / Total;

    /// <summary>Unweighted accuracy: the mean recall over the classes that occur.</summary>
    public double Ua => Recalls.Where(recall => !double.IsNaN(recall)).Average();

    /// <summary>Recall of each class; NaN for a class without utterances, which UA ignores.</summary>
    public double[] Recalls => [.. Counts.Select((row, c) => row.Sum() is var size and > 0 ? (double)row[c] / size : double.NaN)];

    /// <summary>The counts with each row divided by its sum (figure 3 of the paper); zeros for a class without utterances.</summary>
    public double[][] RowNormalised => [.. Counts.Select(Normalise)];

    /// <summary>Counts predictions.</summary>
    /// <param name="truth">True class of each utterance.</param>
    /// <param name="predicted">Predicted class of each utterance.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there is nothing to count.</exception>
    public static Confusion FromPredictions(IReadOnlyList<int> truth, IReadOnlyList<int> predicted, int classes)
    {
        if (truth.Count != predicted.Count || truth.Count == 0)
        {
            throw new ArgumentException($"{predicted.Count} predictions for {truth.Count} utterances");
        }

        var confusion = Empty(classes);
        for (int i = 0; i < truth.Count; i++)
        {
            confusion.Counts[truth[i]][predicted[i]]++;
        }

        return confusion;
    }

    /// <summary>Adds confusion matrices, for example those of all folds.</summary>
    public static Confusion Pooled(IEnumerable<Confusion> parts, int classes)
    {
        var sum = Empty(classes);
        foreach (var part in parts)
        {
            for (int c = 0; c < classes; c++)
            {
                for (int d = 0; d < classes; d++)
                {
                    sum.Counts[c][d] += part.Counts[c][d];
                }
            }
        }

        return sum;
    }

    private static double[] Normalise(int[] row)
    {
        int size = row.Sum();
        return size > 0 ? Array.ConvertAll(row, count => (double)count / size) : new double[row.Length];
    }

    private static Confusion Empty(int classes) => new([.. Enumerable.Range(0, classes).Select(_ => new int[classes])]);
}
