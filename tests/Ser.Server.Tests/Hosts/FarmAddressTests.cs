using Microsoft.Extensions.Configuration;
using Ser.Server.Hosts;
using Ser.Storage.Farm;

namespace Ser.Server.Tests.Hosts;

public sealed class FarmAddressTests
{
    [Theory]
    [InlineData("Host=db;Database=ser;Username=u;Password=hush", "amqp://u:hush@mq", "postgres://db/ser, rabbitmq://mq, s3://lab")]
    [InlineData(
        "Server=db;Port=5433;Database=x;Username=u;Password=hush",
        "amqps://u:hush@mq:5671/ser",
        "postgres://db:5433/x, rabbitmq://mq/ser, s3://lab")]
    public void A_farm_is_described_without_secrets(string postgres, string broker, string expected)
    {
        var values = new Dictionary<string, string?>
        {
            ["Postgres"] = postgres,
            ["RabbitMq"] = broker,
            ["S3:Endpoint"] = "http://s3:9000",
            ["S3:Bucket"] = "lab",
            ["S3:AccessKey"] = "key",
            ["S3:SecretKey"] = "hush",
        };
        var farm = FarmSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        Assert.Equal(expected, FarmAddress.Describe(farm));
    }
}
