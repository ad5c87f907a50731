using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Ser.Domain;

namespace Ser.Scheduler.Recurring;

/// <summary>Validates the cron expression and time zone of a schedule.</summary>
internal static class ScheduleValidation
{
    /// <exception cref="InputException">One of them is invalid; the message says what would be right.</exception>
    public static void Check(string cron, string zone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            throw new InputException($"the scheduler's machine has no time zone {zone}: give one such as UTC or Europe/Berlin");
        }

        try
        {
            using var storage = new InMemoryStorage();
            var options = new RecurringJobOptions { TimeZone = found };
            var job = Job.FromExpression<ScheduledSweeps>(sweeps => sweeps.Submit(""));
            new RecurringJobManager(storage).AddOrUpdate("check", job, cron, options);
        }
        catch (ArgumentException)
        {
            throw new InputException(
                $"'{cron}' is not a cron expression: give minute, hour, day of the month, month and day of the week, "
                + "such as '0 22 * * 1-5' for 22:00 from Monday to Friday");
        }
    }
}
