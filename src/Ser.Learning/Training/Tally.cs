namespace Ser.Learning.Training;

/// <summary>Counts correct predictions by class.</summary>
internal sealed class Tally(int classes)
{
    private readonly int[] _right = new int[classes], _all = new int[classes];

    /// <summary>Adds an utterance. The prediction is the class with the highest of the scores [classes], the first on a tie.</summary>
    internal void Add(int truth, double[] scores)
    {
        _all[truth]++;
        _right[truth] += Array.IndexOf(scores, scores.Max()) == truth ? 1 : 0;
    }

    /// <summary>The current counts.</summary>
    internal ClassCounts Counts => new([.. _right], [.. _all]);

    /// <summary>Weighted accuracy: the share of correct predictions.</summary>
    internal double Wa => (double)_right.Sum() / _all.Sum();

    /// <summary>Unweighted accuracy: the mean recall over the classes that occur.</summary>
    internal double Ua => Enumerable.Range(0, classes).Where(c => _all[c] > 0).Average(c => (double)_right[c] / _all[c]);
}
