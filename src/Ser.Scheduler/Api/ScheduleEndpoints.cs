using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Scheduler.Recurring;

namespace Ser.Scheduler.Api;

/// <summary>Endpoints for scheduled sweeps and the upkeep.</summary>
internal static class ScheduleEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/schedules", All)
            .WithSummary("Every scheduled sweep").WithTags("Schedules");
        api.MapDelete("/schedules/{name}", Remove)
            .WithSummary("Deletes a schedule; sweeps that it has submitted stay").WithTags("Schedules");
        api.MapPost("/upkeep", RunUpkeep)
            .WithSummary("Deletes unused files, as happens every hour; dry=true lists them only").WithTags("Schedules");
    }

    private static IResult All(IJobReads reads) =>
        TypedResults.Json(reads.Schedules().Select(ScheduleView.FromSchedule).ToList(), ApiJson.Options);

    private static IResult RunUpkeep(Upkeep upkeep, bool dry = false) => TypedResults.Json(upkeep.Run(dry), ApiJson.Options);

    private static JsonHttpResult<ScheduleView> Remove(string name, ISweepSchedules schedules, IJobReads reads)
    {
        var known = reads.Schedules();
        if (known.FirstOrDefault(schedule => schedule.Name == name) is { } schedule && schedules.Unschedule(name))
        {
            return TypedResults.Json(ScheduleView.FromSchedule(schedule), ApiJson.Options);
        }

        string? nearest = Spelling.Nearest(name, known.Select(other => other.Name));
        throw new ApiProblem(
            StatusCodes.Status404NotFound,
            "No such schedule",
            $"there is no schedule {name}: {(nearest is null ? "there are none" : $"the nearest is {nearest}")}");
    }
}

/// <summary>A schedule in the response of GET /api/schedules.</summary>
/// <param name="Name">Name of the sweep.</param>
/// <param name="Cron">Cron expression.</param>
/// <param name="Zone">Time zone of the cron expression.</param>
/// <param name="Owner">Name of the user who created it.</param>
/// <param name="Jobs">Number of jobs of the plan.</param>
/// <param name="Problem">Why it cannot be submitted; null if it can.</param>
public sealed record ScheduleView(string Name, string Cron, string Zone, string? Owner, int Jobs, string? Problem)
{
    /// <summary>Returns the view of a schedule.</summary>
    public static ScheduleView FromSchedule(SweepSchedule schedule) =>
        new(schedule.Name, schedule.Cron, schedule.Zone, schedule.Plan.Terms.Owner, schedule.Plan.Jobs.Count, schedule.Problem);
}
