using System.Text;
using System.Text.RegularExpressions;

namespace Ser.Storage.Artifacts;

/// <summary>Where the object store is.</summary>
/// <param name="Endpoint">http:// or https://, host and port, without a path.</param>
/// <param name="Bucket">Made on first use where it is missing.</param>
/// <param name="AccessKey">Who we are.</param>
/// <param name="SecretKey">Proves it.</param>
/// <param name="Region">Where the store has regions.</param>
/// <param name="Prefix">Every object's name begins with it, as a folder; null: none.</param>
public sealed partial record S3Settings(string Endpoint, string Bucket, string AccessKey, string SecretKey, string? Region = null, string? Prefix = null)
{
    /// <summary>What is wrong with the settings, each with its name.</summary>
    public IEnumerable<string> Problems()
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            yield return "S3:Endpoint must be http://HOST:PORT or https://HOST:PORT, without a path or a user";
        }

        if (!BucketName().IsMatch(Bucket))
        {
            yield return "S3:Bucket must have 3 to 63 lower-case letters, digits and hyphens";
        }

        if (AccessKey.Length == 0)
        {
            yield return "S3:AccessKey is missing";
        }

        if (SecretKey.Length == 0)
        {
            yield return "S3:SecretKey is missing";
        }

        if (Prefix is not null && ObjectKeys.Problem(Prefix.Trim('/')) is { } problem)
        {
            yield return $"S3:Prefix: {problem}";
        }
    }

    // Without the keys: what prints settings prints them into logs.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"{nameof(Endpoint)} = {Endpoint}, {nameof(Bucket)} = {Bucket}, {nameof(Region)} = {Region}, {nameof(Prefix)} = {Prefix}");
        return true;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
