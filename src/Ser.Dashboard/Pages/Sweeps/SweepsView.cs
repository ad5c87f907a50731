using System.Globalization;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Pages.Sweeps;

/// <summary>Computes what the list of sweeps shows.</summary>
internal static class SweepsView
{
    /// <summary>Values of the state filter; the first one shows all sweeps.</summary>
    public static IReadOnlyList<string> States { get; } = ["all", "running", "done", "failed", "cancelled"];

    /// <summary>The sweeps that match search and filters, newest first.</summary>
    /// <param name="sweeps">Sweeps in order of submission.</param>
    /// <param name="search">Words that the name must contain.</param>
    /// <param name="state">One of <see cref="States"/>; null or any other text selects all.</param>
    /// <param name="owner">An owner; null or empty selects all.</param>
    public static IReadOnlyList<SweepOverview> Filter(
        IReadOnlyList<SweepOverview> sweeps, string? search, string? state, string? owner = null)
    {
        string[] words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool HasWords(SweepOverview sweep) => words.All(word => sweep.Name.Contains(word, StringComparison.OrdinalIgnoreCase));
        bool HasOwner(SweepOverview sweep) => string.IsNullOrEmpty(owner) || sweep.Terms.Owner == owner;
        return [.. sweeps.Where(sweep => HasWords(sweep) && HasState(sweep, state) && HasOwner(sweep)).Reverse()];
    }

    /// <summary>The owners of sweeps, in alphabetical order.</summary>
    public static IReadOnlyList<string> Owners(IReadOnlyList<SweepOverview> sweeps)
    {
        var owners = sweeps.Select(sweep => sweep.Terms.Owner).OfType<string>().Distinct();
        return [.. owners.Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Owner, time of submission and scheduling terms of a sweep, without defaults; null if there are none.</summary>
    public static string? DescribeTerms(SweepTerms terms, double submitted)
    {
        string?[] parts =
        [
            terms.Owner is { } owner ? $"Owner: {owner}" : null,
            submitted > 0 ? $"submitted {Text(Time(submitted), "yyyy-MM-dd HH:mm")} UTC" : null,
            terms.Priority != 0 ? string.Create(CultureInfo.InvariantCulture, $"priority {terms.Priority}") : null,
            terms.Weight != 1 ? string.Create(CultureInfo.InvariantCulture, $"weight {terms.Weight}") : null,
        ];
        string text = string.Join(" · ", parts.OfType<string>());
        return text.Length == 0 ? null : text;
    }

    /// <summary>The value of the state filter that selects sweeps in a state.</summary>
    public static string StateName(SweepState state) =>
        state == SweepState.Unfinished ? "running" : state.ToString().ToLowerInvariant();

    /// <summary>Start and end of a sweep in UTC; the date of the end only if it differs.</summary>
    public static string DescribeTimes(SweepOverview sweep)
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

    private static bool HasState(SweepOverview sweep, string? state) =>
        state is null || !States.Contains(state) || state == States[0] || StateName(sweep.State) == state;
}
