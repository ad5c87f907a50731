using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Ser.Domain;

namespace Ser.Scheduler.Recurring;

/// <summary>Whether a schedule's words mean anything.</summary>
internal static class CronText
{
    /// <exception cref="InputException">They do not; the message says what would be right.</exception>
    public static void Check(string cron, string zone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            throw new InputException($"there is no time zone {zone} on the scheduler's machine: give one such as UTC or Europe/Berlin");
        }

        try
        {
            using var storage = new InMemoryStorage();
            new RecurringJobManager(storage).AddOrUpdate("check", Job.FromExpression(() => GC.KeepAlive(null)), cron, new RecurringJobOptions { TimeZone = found });
        }
        catch (ArgumentException)
        {
            throw new InputException($"'{cron}' is no schedule: minute, hour, day of the month, month and day of the week, such as '0 22 * * 1-5' for ten in the evening of every working day");
        }
    }
}
