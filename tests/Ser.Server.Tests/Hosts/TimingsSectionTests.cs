using Microsoft.Extensions.Configuration;
using Ser.Server.Hosts;

namespace Ser.Server.Tests.Hosts;

/// <summary>Timings from a configuration: durations, unknown keys, and rules between timings.</summary>
public sealed class TimingsSectionTests
{
    [Fact]
    public void A_key_overrides_the_property_of_its_name_and_the_others_keep_their_defaults()
    {
        var (timings, problems) = Read(("HeartbeatInterval", "0.5s"), ("pollinterval", "2m"));
        Assert.Empty(problems);
        Assert.Equal(TimeSpan.FromSeconds(0.5), timings.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromMinutes(2), timings.PollInterval);
        Assert.Equal(new Storage.Workers.WorkerTimings().RenewalInterval, timings.RenewalInterval);
    }

    [Fact]
    public void An_unknown_key_is_answered_with_the_nearest()
    {
        var (_, problems) = Read(("HeartbeetInterval", "1s"));
        Assert.Equal(
            "Worker:Timings:HeartbeetInterval is not a setting: the nearest is Worker:Timings:HeartbeatInterval",
            Assert.Single(problems));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-1s")]
    [InlineData("1e9s")]
    [InlineData("fast")]
    [InlineData("NaNs")]
    public void What_is_no_duration_is_a_problem_with_its_key(string text)
    {
        var (_, problems) = Read(("PollInterval", text));
        Assert.Contains("Worker:Timings:PollInterval", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Timings_that_contradict_each_other_are_named()
    {
        var (_, problems) = Read(("RenewalInterval", "5m"));
        Assert.Contains(problems, problem => problem.Contains("one late renewal would lose the lease", StringComparison.Ordinal));
    }

    private static (Storage.Workers.WorkerTimings Timings, List<string> Problems) Read(params (string Key, string Value)[] settings)
    {
        var values = settings.ToDictionary(setting => $"Worker:Timings:{setting.Key}", setting => (string?)setting.Value);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var problems = new List<string>();
        return (HostConfiguration.ReadWorkerTimings(configuration, problems), problems);
    }
}
