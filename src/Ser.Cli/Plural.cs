using System.Globalization;

namespace Ser.Cli;

/// <summary>Numbers with their nouns: `1 job`, `2 jobs`.</summary>
internal static class Plural
{
    internal static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {Noun(count, noun)}");

    internal static string Noun(long count, string noun) => count == 1 ? noun : noun + "s";
}
