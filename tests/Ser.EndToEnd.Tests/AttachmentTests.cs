using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>Every host says at its start which farm or which data folder it is attached to.</summary>
public sealed class AttachmentTests
{
    private static readonly string[] Secrets = ["pgsecret", "mqsecret", "s3secret", "s3user", "pguser", "mquser"];

    [Fact]
    public async Task A_worker_without_a_farm_names_its_data_folder()
    {
        using var folder = new TemporaryFolder();
        string config = folder.Write("worker.json", """{ "Worker": { "IdleAfter": "1s" } }""");
        string data = Path.Combine(folder.Path, "x");
        var ended = await SerProcess.RunAsync(
            folder.Path, "worker", "--name", "w1", "--until-idle", "--config", config, "--data", data);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Contains($"worker w1: data folder {data}, no farm configured", ended.Errors, StringComparison.Ordinal);
    }

    // The farm's servers do not exist: a host names them before it connects.
    [Theory]
    [InlineData("worker gpu1", "worker", "--name", "gpu1")]
    [InlineData("scheduler", "scheduler", "--listen", "http://127.0.0.1:0")]
    [InlineData("scheduler and worker gpu1", "up", "--name", "gpu1", "--listen", "http://127.0.0.1:0", "--dashboard", "none")]
    [InlineData("dashboard", "dashboard", "--listen", "http://127.0.0.1:0")]
    public async Task A_host_of_a_farm_names_its_servers_without_secrets(string host, params string[] command)
    {
        using var folder = new TemporaryFolder();
        string config = folder.Write("farm.json", """
            {
              "Postgres": "Host=127.0.0.1;Port=1;Database=ser;Username=pguser;Password=pgsecret;Timeout=2",
              "RabbitMq": "amqp://mquser:mqsecret@127.0.0.1:2/farm",
              "S3": { "Endpoint": "http://127.0.0.1:3", "Bucket": "ser", "AccessKey": "s3user", "SecretKey": "s3secret" }
            }
            """);
        using var process = SerProcess.Start(folder.Path, [.. command, "--config", config, "--data", Path.Combine(folder.Path, "x")]);
        string expected = $"{host}: farm at postgres://127.0.0.1:1/ser, rabbitmq://127.0.0.1:2/farm, s3://ser";
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!process.HasExited && !process.Errors.Contains(expected, StringComparison.Ordinal))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        process.Terminate();
        var ended = await process.EndAsync();
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        string firstLine = ended.Errors.Split('\n').First(line => line.Contains("farm at", StringComparison.Ordinal));
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, firstLine, StringComparison.Ordinal));
    }
}
