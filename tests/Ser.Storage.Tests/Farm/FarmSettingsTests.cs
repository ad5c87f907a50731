using Microsoft.Extensions.Configuration;
using Ser.Domain;
using Ser.Storage.Farm;

namespace Ser.Storage.Tests.Farm;

public sealed class FarmSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["Postgres"] = "Host=db;Database=ser;Username=u;Password=hush-1",
        ["RabbitMq"] = "amqp://me:hush-2@broker:5672/farm",
        ["S3:Endpoint"] = "https://store:9000",
        ["S3:Bucket"] = "ser-lab",
        ["S3:AccessKey"] = "hush-3",
        ["S3:SecretKey"] = "hush-4",
        ["S3:Prefix"] = "team/a",
        ["Cache:Limit"] = "1.5 GiB",
        ["OwnCorpora:iemocap"] = "/data/IEMOCAP",
    };

    [Fact]
    public void Every_section_is_read()
    {
        var settings = FarmSettings.Read(Configuration(Good));

        Assert.Equal(("ser-lab", "team/a", null), (settings.S3.Bucket, settings.S3.Prefix, settings.S3.Region));
        Assert.Equal((3L << 29, "/data/IEMOCAP"), (settings.CacheLimit, settings.OwnCorpora["iemocap"]));
        Assert.Equal(50L << 30, FarmSettings.Read(Configuration(Good, ("Cache:Limit", null))).CacheLimit);
        Assert.Equal(20L << 30, FarmSettings.Read(Configuration(Good)).DecodedLimit);
        Assert.Equal(3L << 29, FarmSettings.Read(Configuration(Good, ("Cache:Decoded", "1.5G"))).DecodedLimit);
    }

    [Fact]
    public void Every_problem_is_named_at_once_and_no_secret_printed()
    {
        var wrong = Assert.Throws<InputException>(() => FarmSettings.Read(Configuration(
            Good,
            ("Postgres", "hush-1"),
            ("RabbitMq", "http://me:hush-2@x"),
            ("S3:Endpoint", "store:9000"),
            ("S3:Bucket", "A"),
            ("S3:AccessKey", " "),
            ("S3:SecretKey", null),
            ("S3:Prefix", "a/../b"),
            ("Cache:Limit", "much"),
            ("Cache:Decoded", "0"))));

        string[] named =
        [
            "Postgres ",
            "RabbitMq ",
            "S3:Endpoint ",
            "S3:Bucket ",
            "S3:AccessKey ",
            "S3:SecretKey ",
            "S3:Prefix:",
            "Cache:Limit ",
            "Cache:Decoded ",
        ];
        Assert.All(named, name => Assert.Contains("\n  " + name, wrong.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hush", wrong.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Postgres", "postgres://u:hush@db/ser")]
    [InlineData("RabbitMq", "broker")]
    [InlineData("S3:Endpoint", "http://u:hush@store")]
    [InlineData("S3:Endpoint", "http://store/bucket")]
    [InlineData("S3:Bucket", "under_score")]
    [InlineData("Cache:Limit", "-1 GiB")]
    [InlineData("Cache:Limit", "0")]
    public void One_wrong_setting_is_the_only_one_named(string key, string value)
    {
        var wrong = Assert.Throws<InputException>(() => FarmSettings.Read(Configuration(Good, (key, value))));

        Assert.Single(wrong.Message.Split('\n')[1..]);
        Assert.Contains(key, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_print_where_things_are_and_no_secret()
    {
        string text = FarmSettings.Read(Configuration(Good)).ToString();

        string[] parts = ["db/ser", "amqp://broker:5672/farm", "https://store:9000", "ser-lab", "iemocap"];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.DoesNotContain("me:", text, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(Dictionary<string, string?> good, params (string Key, string? Value)[] others)
    {
        var all = new Dictionary<string, string?>(good);
        foreach (var (key, value) in others)
        {
            all[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }
}
