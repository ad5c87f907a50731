using Ser.Storage.Artifacts;
using Xunit;

namespace Ser.TestSupport;

/// <summary>Real servers that `./ser test` starts. Tests that need one are skipped with a message where it is absent.</summary>
public static class TestServers
{
    /// <summary>Tests on the broker share its queues, so they run one at a time.</summary>
    public const string Broker = "broker";

    private static int _prefixes;

    /// <summary>An object store. Each call uses another prefix of one bucket of this process.</summary>
    public static S3Settings S3()
    {
        string[] parts = Required("SER_TEST_S3", "http://HOST:PORT;accessKey;secretKey").Split(';');
        string bucket = $"ser-test-{Environment.ProcessId}", prefix = $"farm/{Interlocked.Increment(ref _prefixes)}";
        return new S3Settings(parts[0], bucket, parts[1], parts[2], Prefix: prefix);
    }

    /// <summary>A broker.</summary>
    public static Uri RabbitMq() => new(Required("SER_TEST_RABBITMQ", "amqp://USER:PASSWORD@HOST:PORT"));

    private static string Required(string name, string form)
    {
        string? value = Environment.GetEnvironmentVariable(name);
        Assert.SkipWhen(string.IsNullOrEmpty(value), $"needs {name} ({form}): ./ser test starts a server and sets it");
        return value!;
    }
}
