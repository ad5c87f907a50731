using System.Globalization;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Pages.Sweeps;

/// <summary>What the list of sweeps shows, by plain functions.</summary>
internal static class SweepsView
{
    /// <summary>Names of the filter, and what passes it.</summary>
    public static IReadOnlyList<string> States { get; } = ["all", "running", "done", "failed", "cancelled"];

    /// <summary>The sweeps that pass search and filter, the newest first.</summary>
    /// <param name="sweeps">In order of submission.</param>
    /// <param name="search">Words that must all be in the name.</param>
    /// <param name="state">One of <see cref="States"/>; null, or no such: all.</param>
    /// <param name="owner">Whose; null or empty: everybody's.</param>
    public static IReadOnlyList<SweepOverview> Filter(IReadOnlyList<SweepOverview> sweeps, string? search, string? state, string? owner = null)
    {
        string[] words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. sweeps.Where(sweep => words.All(word => sweep.Name.Contains(word, StringComparison.OrdinalIgnoreCase)) && Passes(sweep, state) && (string.IsNullOrEmpty(owner) || sweep.Terms.Owner == owner)).Reverse()];
    }

    /// <summary>Everybody who has a sweep, in order.</summary>
    public static IReadOnlyList<string> Owners(IReadOnlyList<SweepOverview> sweeps) => [.. sweeps.Select(sweep => sweep.Terms.Owner).OfType<string>().Distinct().Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whose a sweep is and how it runs beside others, as far as that is not the usual; null: nothing to say.</summary>
    public static string? Terms(SweepTerms terms, double submitted)
    {
        string[] said =
        [
            .. terms.Owner is { } owner ? (string[])[$"of {owner}"] : [],
            .. submitted > 0 ? (string[])[$"submitted {Text(Time(submitted), "yyyy-MM-dd HH:mm")} UTC"] : [],
            .. terms.Priority != 0 ? (string[])[string.Create(CultureInfo.InvariantCulture, $"priority {terms.Priority}")] : [],
            .. terms.Weight != 1 ? (string[])[string.Create(CultureInfo.InvariantCulture, $"weight {terms.Weight}")] : [],
        ];
        return said.Length == 0 ? null : string.Join(" · ", said);
    }

    /// <summary>State of a sweep as its filter is called.</summary>
    public static string StateName(SweepState state) => state == SweepState.Unfinished ? "running" : state.ToString().ToLowerInvariant();

    /// <summary>When it began and ended, in UTC; the day only once.</summary>
    public static string Span(SweepOverview sweep)
    {
        if (sweep.Started is not { } started)
        {
            return "not started";
        }

        var begin = Time(started);
        return sweep.Ended is not { } ended ? $"since {Text(begin, "yyyy-MM-dd HH:mm")} UTC"
            : Time(ended) is var end && end.Date == begin.Date ? $"{Text(begin, "yyyy-MM-dd HH:mm")} – {Text(end, "HH:mm")} UTC"
            : $"{Text(begin, "yyyy-MM-dd HH:mm")} – {Text(end, "MM-dd HH:mm")} UTC";
    }

    private static DateTimeOffset Time(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)(1000 * seconds));

    private static string Text(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static bool Passes(SweepOverview sweep, string? state) => state is null || !States.Contains(state) || state == States[0] || StateName(sweep.State) == state;
}
