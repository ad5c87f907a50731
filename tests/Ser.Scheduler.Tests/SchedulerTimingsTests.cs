using Ser.Domain;
using Ser.Storage.Jobs;

namespace Ser.Scheduler.Tests;

public sealed class SchedulerTimingsTests
{
    private static readonly Timing Poll = new("Worker:Timings:PollInterval", TimeSpan.FromSeconds(1));

    [Fact]
    public void The_defaults_fit_together() => Assert.Empty(new SchedulerTimings().FindProblems(new LeaseSettings(), Poll));

    [Fact]
    public void All_problems_are_reported_by_name()
    {
        var wrong = new SchedulerTimings
        {
            MaintenanceInterval = TimeSpan.FromSeconds(2),
            QuarantineInterval = TimeSpan.FromSeconds(1),
            OfferLifetime = TimeSpan.FromSeconds(1),
            FreeSlotLifetime = TimeSpan.FromSeconds(1),
            WebhookFirstDelay = TimeSpan.FromMinutes(10),
            WebhookMaxDelay = TimeSpan.FromMinutes(10),
            WebhookGiveUpAfter = TimeSpan.FromMinutes(10),
        };
        string[] problems = [.. wrong.FindProblems(new LeaseSettings(), Poll)];
        Assert.Equal(6, problems.Length);
        Assert.Contains(
            "Scheduler:Timings:OfferLifetime (1s) must be shorter than Worker:Timings:PollInterval (1s): "
            + "otherwise a lost offer would delay a job by several polls",
            problems);
        string[] names = ["MaintenanceInterval", "OfferLifetime", "FreeSlotLifetime", "WebhookFirstDelay", "WebhookGiveUpAfter"];
        Assert.All(names, name => Assert.Contains(problems, problem => problem.Contains(name, StringComparison.Ordinal)));
    }
}
