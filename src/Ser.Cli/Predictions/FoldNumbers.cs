using System.Globalization;
using Ser.Domain;

namespace Ser.Cli.Predictions;

/// <summary>Reads --fold: numbers, ranges as 1..3, several separated by commas.</summary>
internal static class FoldNumbers
{
    private const int LargestFold = 100_000;

    /// <exception cref="InputException">The text is not such a list.</exception>
    internal static IReadOnlyList<int> Parse(IReadOnlyList<string> texts) =>
        [.. texts.SelectMany(text => text.Split(',')).SelectMany(Range).Distinct().Order()];

    private static IEnumerable<int> Range(string text)
    {
        int[] ends = [.. text.Split("..").Select(FoldNumber)];
        return ends is [> 0] or [> 0, > 0] && ends[^1] >= ends[0]
            ? Enumerable.Range(ends[0], ends[^1] - ends[0] + 1)
            : throw new InputException($"--fold {text}: it should be the number of a fold, from 1, or several as 1,3 or 1..3");
    }

    // 0 where the text is not the number of a fold.
    private static int FoldNumber(string text)
    {
        bool isNumber = int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return isNumber && number is >= 1 and <= LargestFold ? number : 0;
    }
}
