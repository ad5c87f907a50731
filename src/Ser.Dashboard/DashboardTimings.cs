using Ser.Domain;

namespace Ser.Dashboard;

/// <summary>Intervals and limits of a dashboard, configured as Dashboard:Timings. Each is a duration, such as 0.5s or 12h.</summary>
public sealed record DashboardTimings
{
    /// <summary>Time between two checks for changes of a sweep that a page shows.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Time between two checks for changes of overviews, workers and the audit log; not shorter than for one sweep.</summary>
    public TimeSpan OverviewInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time without a request after which a user has to sign in again.</summary>
    public TimeSpan SessionLength { get; init; } = TimeSpan.FromDays(14);

    /// <summary>
    /// Time after which a user of an OpenID provider has to sign in again, so that a role that was withdrawn there ends here too. Not
    /// longer than <see cref="SessionLength"/>.
    /// </summary>
    public TimeSpan OpenIdSessionLength { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Rules between timings that do not hold.</summary>
    public IEnumerable<string> FindProblems()
    {
        var sweep = Named(nameof(SweepInterval), SweepInterval);
        var session = Named(nameof(SessionLength), SessionLength);
        if (OverviewInterval < SweepInterval)
        {
            var overview = Named(nameof(OverviewInterval), OverviewInterval);
            yield return $"{overview} must not be shorter than {sweep}: overviews cost more to read";
        }

        if (OpenIdSessionLength > SessionLength)
        {
            yield return $"{Named(nameof(OpenIdSessionLength), OpenIdSessionLength)} must not be longer than {session}";
        }
    }

    private static Timing Named(string name, TimeSpan value) => new($"Dashboard:Timings:{name}", value);
}
