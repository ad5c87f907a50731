namespace Ser.Learning.Training;

/// <summary>Counts correct answers by class.</summary>
internal sealed class Tally(int classes)
{
    private readonly int[] right = new int[classes], all = new int[classes];

    /// <summary>Adds an utterance. The answer is the class with the highest of the scores [classes], the first on a tie.</summary>
    internal void Add(int truth, double[] scores)
    {
        all[truth]++;
        right[truth] += Array.IndexOf(scores, scores.Max()) == truth ? 1 : 0;
    }

    /// <summary>The current counts.</summary>
    internal ClassCounts Counts => new([.. right], [.. all]);

    /// <summary>Weighted accuracy: the share of correct answers.</summary>
    internal double Wa => (double)right.Sum() / all.Sum();

    /// <summary>Unweighted accuracy: the mean recall over the classes that occur.</summary>
    internal double Ua => Enumerable.Range(0, classes).Where(c => all[c] > 0).Average(c => (double)right[c] / all[c]);
}
