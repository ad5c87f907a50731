using Ser.Storage.Jobs;
using Ser.Storage.Workers;

namespace Ser.Storage.Tests.Workers;

public sealed class WorkerTimingsTests
{
    [Fact]
    public void The_defaults_fit_together() => Assert.Empty(new WorkerTimings().FindProblems(new LeaseSettings()));

    [Fact]
    public void All_problems_are_reported_by_name()
    {
        var wrong = new WorkerTimings
        {
            RenewalInterval = TimeSpan.FromSeconds(4),
            HeartbeatInterval = TimeSpan.FromSeconds(6),
            RegistrationTimeout = TimeSpan.FromSeconds(8),
        };
        string[] problems = [.. wrong.FindProblems(new LeaseSettings())];
        string[] names = ["RenewalInterval (4s)", "HeartbeatInterval (6s)", "RegistrationTimeout (8s)", "ReadingInterval (5s)"];
        Assert.Equal(names.Length, problems.Length);
        Assert.All(names, name => Assert.Contains(problems, problem => problem.Contains(name, StringComparison.Ordinal)));
    }
}
