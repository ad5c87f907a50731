using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Ser.Domain;
using Ser.Storage.Artifacts;

namespace Ser.Storage.Farm;

/// <summary>Where the servers of a farm are. Prints without passwords and keys.</summary>
/// <param name="Postgres">Npgsql connection string of the job store.</param>
/// <param name="RabbitMq">amqp:// or amqps:// with user, password and, where it is not the first, virtual host.</param>
/// <param name="S3">The object store.</param>
/// <param name="CacheLimit">Bytes that this machine keeps of the object store.</param>
/// <param name="DecodedLimit">Bytes that it keeps of decoded audio and features.</param>
/// <param name="OwnCorpora">Corpora that do not travel, see <see cref="Farm.OwnCorpora"/>.</param>
public sealed partial record FarmSettings(string Postgres, Uri RabbitMq, S3Settings S3, long CacheLimit, long DecodedLimit, IReadOnlyDictionary<string, string> OwnCorpora)
{
    private const string UsualLimit = "50 GiB";
    private const string UsualDecoded = "20 GiB";

    /// <summary>
    /// From sections Postgres, RabbitMq, S3 (Endpoint, Bucket, AccessKey, SecretKey, Region, Prefix), Cache (Limit, Decoded) and OwnCorpora (kind or digest: path); as environment variables SER_Postgres, SER_S3__Endpoint and so on.
    /// </summary>
    /// <exception cref="InputException">The message has every problem, each with the setting's name, and no value that may be secret.</exception>
    public static FarmSettings Read(IConfiguration configuration)
    {
        string Text(string key) => configuration[key]?.Trim() ?? "";
        string? Optional(string key) => Text(key) is { Length: > 0 } text ? text : null;

        var s3 = new S3Settings(Text("S3:Endpoint"), Text("S3:Bucket"), Text("S3:AccessKey"), Text("S3:SecretKey"), Optional("S3:Region"), Optional("S3:Prefix"));
        long? limit = Bytes(Optional("Cache:Limit") ?? UsualLimit);
        long? decoded = Bytes(Optional("Cache:Decoded") ?? UsualDecoded);
        bool isBroker = Uri.TryCreate(Text("RabbitMq"), UriKind.Absolute, out var broker) && broker.Scheme is "amqp" or "amqps";
        string[] problems =
        [
            .. PostgresProblem(Text("Postgres")) is { } wrong ? [wrong] : Array.Empty<string>(),
            .. isBroker ? Array.Empty<string>() : ["RabbitMq must be amqp://USER:PASSWORD@HOST:PORT or amqps://…"],
            .. s3.Problems(),
            .. limit is > 0 ? Array.Empty<string>() : [$"Cache:Limit must be a size such as {UsualLimit}"],
            .. decoded is > 0 ? Array.Empty<string>() : [$"Cache:Decoded must be a size such as {UsualDecoded}"],
        ];
        return problems.Length == 0
            ? new FarmSettings(Text("Postgres"), broker!, s3, limit!.Value, decoded!.Value, configuration.GetSection("OwnCorpora").GetChildren().ToDictionary(own => own.Key, own => own.Value ?? "", StringComparer.OrdinalIgnoreCase))
            : throw new InputException($"the settings of the farm are not right (appsettings.json, or environment variables such as SER_S3__Endpoint):\n  {string.Join("\n  ", problems)}");
    }

    private static string? PostgresProblem(string text)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            return parts.ContainsKey("Host") || parts.ContainsKey("Server") ? null : "Postgres must be a connection string: Host=…;Database=…;Username=…;Password=…";
        }
        catch (ArgumentException)
        {
            return "Postgres is no connection string: Host=…;Database=…;Username=…;Password=…";
        }
    }

    private static long? Bytes(string text) => Size().Match(text) is { Success: true } match
        ? (long)(double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * Math.Pow(1024, "BKMGT".IndexOf(char.ToUpperInvariant(match.Groups["unit"].Value.Append('B').First()))))
        : null;

    private bool PrintMembers(StringBuilder text)
    {
        var postgres = new DbConnectionStringBuilder { ConnectionString = Postgres };
        string Of(params string[] names) => names.Select(name => postgres.TryGetValue(name, out object? value) ? value.ToString() : null).FirstOrDefault(value => value is not null) ?? "?";
        text.Append($"{nameof(Postgres)} = {Of("Host", "Server")}/{Of("Database", "DB")}, {nameof(RabbitMq)} = {RabbitMq.Scheme}://{RabbitMq.Authority}{RabbitMq.AbsolutePath}, {nameof(S3)} = {S3}, ");
        text.Append($"{nameof(CacheLimit)} = {CacheLimit}, {nameof(DecodedLimit)} = {DecodedLimit}, {nameof(OwnCorpora)} = {string.Join(' ', OwnCorpora.Keys)}");
        return true;
    }

    [GeneratedRegex("^(?<number>[0-9]{1,9}(\\.[0-9]{1,3})?) ?(?<unit>[KMGT]i?)?B?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Size();
}
