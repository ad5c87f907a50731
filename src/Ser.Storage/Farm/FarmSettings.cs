using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Ser.Domain;
using Ser.Storage.Artifacts;

namespace Ser.Storage.Farm;

/// <summary>Addresses and limits of a farm. Its text form omits passwords and keys.</summary>
/// <param name="Postgres">Npgsql connection string of the job store.</param>
/// <param name="RabbitMq">amqp:// or amqps:// with user, password and, if it is not the default one, virtual host.</param>
/// <param name="S3">The object store.</param>
/// <param name="CacheLimit">Maximum size in bytes of the local cache of the object store.</param>
/// <param name="DecodedLimit">Maximum size in bytes of the local cache of decoded audio and features.</param>
/// <param name="OwnCorpora">Corpora that are read locally and not uploaded, see <see cref="Farm.OwnCorpora"/>.</param>
public sealed partial record FarmSettings(
    string Postgres,
    Uri RabbitMq,
    S3Settings S3,
    long CacheLimit,
    long DecodedLimit,
    IReadOnlyDictionary<string, string> OwnCorpora)
{
    private const string DefaultCacheLimit = "50 GiB";
    private const string DefaultDecodedLimit = "20 GiB";

    /// <summary>
    /// Reads the sections Postgres, RabbitMq, S3 (Endpoint, Bucket, AccessKey, SecretKey, Region, Prefix), Cache (Limit, Decoded) and
    /// OwnCorpora (kind or digest: path). The environment variables are SER_Postgres, SER_S3__Endpoint and so on.
    /// </summary>
    /// <exception cref="InputException">
    /// The settings are invalid. The message lists every problem with the setting's name, and no value that may be secret.
    /// </exception>
    public static FarmSettings Read(IConfiguration configuration)
    {
        string Text(string key) => configuration[key]?.Trim() ?? "";
        string? Optional(string key) => Text(key) is { Length: > 0 } text ? text : null;

        var s3 = new S3Settings(
            Text("S3:Endpoint"),
            Text("S3:Bucket"),
            Text("S3:AccessKey"),
            Text("S3:SecretKey"),
            Optional("S3:Region"),
            Optional("S3:Prefix"));
        long? limit = Bytes(Optional("Cache:Limit") ?? DefaultCacheLimit);
        long? decoded = Bytes(Optional("Cache:Decoded") ?? DefaultDecodedLimit);
        bool isBroker = Uri.TryCreate(Text("RabbitMq"), UriKind.Absolute, out var broker) && broker.Scheme is "amqp" or "amqps";
        string[] problems =
        [
            .. PostgresProblem(Text("Postgres")) is { } wrong ? [wrong] : Array.Empty<string>(),
            .. isBroker ? Array.Empty<string>() : ["RabbitMq must be amqp://USER:PASSWORD@HOST:PORT or amqps://…"],
            .. s3.FindProblems(),
            .. limit is > 0 ? Array.Empty<string>() : [$"Cache:Limit must be a size such as {DefaultCacheLimit}"],
            .. decoded is > 0 ? Array.Empty<string>() : [$"Cache:Decoded must be a size such as {DefaultDecodedLimit}"],
        ];
        if (problems.Length > 0)
        {
            throw new InputException(
                "invalid farm settings (appsettings.json, or environment variables such as SER_S3__Endpoint):\n  "
                + string.Join("\n  ", problems));
        }

        var ownCorpora = configuration.GetSection("OwnCorpora").GetChildren()
            .ToDictionary(own => own.Key, own => own.Value ?? "", StringComparer.OrdinalIgnoreCase);
        return new FarmSettings(Text("Postgres"), broker!, s3, limit!.Value, decoded!.Value, ownCorpora);
    }

    private static string? PostgresProblem(string text)
    {
        const string Example = "Host=…;Database=…;Username=…;Password=…";
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            bool hasHost = parts.ContainsKey("Host") || parts.ContainsKey("Server");
            return hasHost ? null : $"Postgres must be a connection string: {Example}";
        }
        catch (ArgumentException)
        {
            return $"Postgres is not a connection string: {Example}";
        }
    }

    private static long? Bytes(string text)
    {
        if (Size().Match(text) is not { Success: true } match)
        {
            return null;
        }

        double number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        char unit = match.Groups["unit"].Value.Append('B').First();
        int power = "BKMGT".IndexOf(char.ToUpperInvariant(unit));
        return (long)(number * Math.Pow(1024, power));
    }

    private bool PrintMembers(StringBuilder text)
    {
        var postgres = new DbConnectionStringBuilder { ConnectionString = Postgres };
        string? Find(string name) => postgres.TryGetValue(name, out object? value) ? value.ToString() : null;
        string server = Find("Host") ?? Find("Server") ?? "?";
        string database = Find("Database") ?? Find("DB") ?? "?";
        text.Append($"{nameof(Postgres)} = {server}/{database}, ");
        text.Append($"{nameof(RabbitMq)} = {RabbitMq.Scheme}://{RabbitMq.Authority}{RabbitMq.AbsolutePath}, ");
        text.Append($"{nameof(S3)} = {S3}, ");
        text.Append($"{nameof(CacheLimit)} = {CacheLimit}, {nameof(DecodedLimit)} = {DecodedLimit}, ");
        text.Append($"{nameof(OwnCorpora)} = {string.Join(' ', OwnCorpora.Keys)}");
        return true;
    }

    [GeneratedRegex(
        "^(?<number>[0-9]{1,9}(\\.[0-9]{1,3})?) ?(?<unit>[KMGT]i?)?B?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Size();
}
