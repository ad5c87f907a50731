using System.Diagnostics;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.DependencyInjection;
using Ser.Scheduler.Recurring;
using Ser.Storage.Recurring;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Recurring;

/// <summary>A row in Hangfire's tables that names another method is not run, on a real database.</summary>
public sealed class RecurringJobTypesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestDatabase _database = new();

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_row_that_names_a_method_of_the_system_does_not_run()
    {
        string file = _folder.At("written-by-a-row");
        using var services = new ServiceCollection()
            .AddLogging()
            .AddRecurringJobs(RetentionSettings.Default)
            .AddRecurringJobsOnPostgres(_database.ConnectionString)
            .BuildServiceProvider();
        var storage = services.GetRequiredService<JobStorage>();
        string id = new BackgroundJobClient(storage).Create(() => Process.Start("touch", file), new EnqueuedState());
        using var server = new BackgroundJobServer(new BackgroundJobServerOptions { WorkerCount = 1 }, storage);
        using var connection = storage.GetConnection();
        Assert.True(SpinWait.SpinUntil(
            () => connection.GetStateData(id)?.Name is "Failed" or "Succeeded",
            TimeSpan.FromMinutes(1)));
        Assert.Equal("Failed", connection.GetStateData(id).Name);
        Assert.Contains("is not a type of a recurring job", connection.GetJobData(id).LoadException.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("Ser.Scheduler.Recurring.Upkeep, Ser.Scheduler", true)]
    [InlineData("Ser.Scheduler.Recurring.ScheduledSweeps, Ser.Scheduler, Version=0.1.0.0", true)]
    [InlineData("System.String", true)]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process", false)]
    [InlineData("System.String[]", false)]
    [InlineData("", false)]
    public void The_types_of_recurring_jobs_are_found_and_no_others(string name, bool isAllowed)
    {
        if (isAllowed)
        {
            Assert.StartsWith(RecurringJobTypes.Find(name).FullName!, name, StringComparison.Ordinal);
        }
        else
        {
            Assert.Throws<TypeLoadException>(() => RecurringJobTypes.Find(name));
        }
    }
}
