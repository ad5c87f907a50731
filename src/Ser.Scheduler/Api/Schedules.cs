using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Scheduler.Recurring;

namespace Ser.Scheduler.Api;

/// <summary>Sweeps on a schedule, and the upkeep.</summary>
internal static class Schedules
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/schedules", (IJobReads reads) => TypedResults.Json(reads.Schedules().Select(ScheduleView.Of).ToList(), ApiJson.Options))
            .WithSummary("Every sweep on a schedule").WithTags("Schedules");
        api.MapDelete("/schedules/{name}", Remove).WithSummary("The sweep is not submitted any more; what was submitted stays").WithTags("Schedules");
        api.MapPost("/upkeep", (Upkeep upkeep, bool dry = false) => TypedResults.Json(upkeep.Run(dry), ApiJson.Options))
            .WithSummary("Removes what is left behind, as the clock does every hour; dry=true: says what it would remove").WithTags("Schedules");
    }

    private static JsonHttpResult<ScheduleView> Remove(string name, IJobStore jobs, IJobReads reads)
    {
        var known = reads.Schedules();
        if (known.FirstOrDefault(schedule => schedule.Name == name) is { } schedule && jobs.Unschedule(name))
        {
            return TypedResults.Json(ScheduleView.Of(schedule), ApiJson.Options);
        }

        throw new ApiProblem(StatusCodes.Status404NotFound, "No such schedule",
            known.Count == 0 ? $"there is no schedule {name}: there are none" : $"there is no schedule {name}: the nearest is {Nearest.Of(name, [.. known.Select(other => other.Name)])}");
    }
}

/// <summary>A schedule as GET /api/schedules shows it.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Cron">When.</param>
/// <param name="Zone">In which time zone.</param>
/// <param name="Owner">Who asked for it.</param>
/// <param name="Jobs">Jobs of the plan.</param>
public sealed record ScheduleView(string Name, string Cron, string Zone, string? Owner, int Jobs)
{
    /// <summary>Of a schedule.</summary>
    public static ScheduleView Of(SweepSchedule schedule) => new(schedule.Name, schedule.Cron, schedule.Zone, schedule.Plan.Terms.Owner, schedule.Plan.Jobs.Count);
}
