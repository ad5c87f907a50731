using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public void Schedule(SweepSchedule schedule) => database.Write(db =>
    {
        database.LockPlans(db);
        db.Schedules.Where(row => row.Name == schedule.Name).ExecuteDelete();
        db.Schedules.Add(new ScheduleRow
        {
            Name = schedule.Name,
            Cron = schedule.Cron,
            Zone = schedule.Zone,
            Plan = JsonSerializer.Serialize(schedule.Plan),
            Owner = schedule.Plan.Terms.Owner,
        });
        return db.SaveChanges();
    });

    /// <inheritdoc/>
    public bool Unschedule(string name) =>
        database.Write(db => db.Schedules.Where(row => row.Name == name).ExecuteDelete()) == 1;

    /// <inheritdoc/>
    public void RecordNotification(string sweep, SweepState end) => database.Write(db =>
        db.Sweeps.Where(row => row.Name == sweep).ExecuteUpdate(change => change
            .SetProperty(row => row.NotifiedState, end.ToString())
            .RaiseVersion()));
}
