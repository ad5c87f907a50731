namespace Ser.Scheduler;

/// <summary>One part of the scheduler's periodic work.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="RunAsync">Does it once.</param>
/// <param name="Interval">Time between two runs; zero: in every round of the maintenance.</param>
public sealed record MaintenanceTask(string Name, Func<CancellationToken, Task> RunAsync, TimeSpan Interval = default)
{
    /// <summary>A part that does not wait for anything.</summary>
    public static MaintenanceTask Create(string name, Action run, TimeSpan interval = default)
    {
        Task RunNow(CancellationToken stop)
        {
            run();
            return Task.CompletedTask;
        }

        return new MaintenanceTask(name, RunNow, interval);
    }
}
