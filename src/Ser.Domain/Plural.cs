using System.Globalization;

namespace Ser.Domain;

/// <summary>Numbers with their nouns: `1 job`, `2 jobs`.</summary>
public static class Plural
{
    /// <summary>A count with its noun in the right number.</summary>
    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {Noun(count, noun)}");

    /// <summary>The noun in the number that the count needs.</summary>
    public static string Noun(long count, string noun) => count == 1 ? noun : noun + "s";
}
