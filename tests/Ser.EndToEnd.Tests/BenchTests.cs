using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>The bench of the farm. Its times are for people; the test checks that it measures a farm that does its work.</summary>
public sealed class BenchTests(ExperimentFolder experiments) : IClassFixture<ExperimentFolder>
{
    [Fact]
    public async Task The_bench_of_the_farm_does_every_job_once_over_the_broker_and_leaves_nothing()
    {
        bool hasPostgres = Environment.GetEnvironmentVariable("SER_TEST_POSTGRES") is { Length: > 0 };
        bool hasRabbitMq = Environment.GetEnvironmentVariable("SER_TEST_RABBITMQ") is { Length: > 0 };
        Assert.SkipUnless(
            hasPostgres && hasRabbitMq,
            "needs SER_TEST_POSTGRES and SER_TEST_RABBITMQ: ./ser test starts servers and sets them");
        var ended = await SerProcess.RunBenchAsync(experiments.Folder, "bench", "farm", "--jobs", "100", "--sweeps", "2", "--json");

        Assert.True(ended.ExitCode == 0, ended.Errors);
        var figures = ended.Json();
        Assert.Equal((100, 2), (figures.GetProperty("jobs").GetInt32(), figures.GetProperty("sweeps").GetInt32()));
        Assert.InRange(figures.GetProperty("jobsPerSecond").GetDouble(), 1, 1e6);
        Assert.InRange(figures.GetProperty("claimMsP95").GetDouble(), figures.GetProperty("claimMsP50").GetDouble(), 60_000);
    }

    [Fact]
    public async Task A_wrong_broker_or_database_setting_is_reported()
    {
        string[] bench = ["bench", "farm", "--postgres"];
        var wrong = await SerProcess.RunBenchAsync(experiments.Folder, [.. bench, "Host=127.0.0.1", "--rabbitmq", "http://127.0.0.1"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--rabbitmq must be amqp://USER:PASSWORD@HOST:PORT", wrong.Errors, StringComparison.Ordinal);
        string[] nothingThere = ["Host=127.0.0.1;Port=9", "--rabbitmq", "amqp://user:secret@127.0.0.1:9"];
        var away = await SerProcess.RunBenchAsync(experiments.Folder, [.. bench, .. nothingThere]);
        Assert.Equal(1, away.ExitCode);
        Assert.Contains("RabbitMQ at 127.0.0.1 does not answer", away.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", away.Errors, StringComparison.Ordinal);
    }
}
