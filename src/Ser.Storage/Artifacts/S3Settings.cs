using System.Text;
using System.Text.RegularExpressions;

namespace Ser.Storage.Artifacts;

/// <summary>Address and credentials of the object store.</summary>
/// <param name="Endpoint">http:// or https://, host and port, without a path.</param>
/// <param name="Bucket">Name of the bucket; created on first use if missing.</param>
/// <param name="AccessKey">Access key id.</param>
/// <param name="SecretKey">Secret access key.</param>
/// <param name="Region">Region; null: the default.</param>
/// <param name="Prefix">Folder that the names of all objects begin with; null: none.</param>
public sealed partial record S3Settings(
    string Endpoint,
    string Bucket,
    string AccessKey,
    string SecretKey,
    string? Region = null,
    string? Prefix = null)
{
    /// <summary>Problems with the settings, each with the name of the setting.</summary>
    public IEnumerable<string> FindProblems()
    {
        if (!IsEndpoint())
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

        if (Prefix is not null && ObjectKeys.FindProblem(Prefix.Trim('/')) is { } problem)
        {
            yield return $"S3:Prefix: {problem}";
        }
    }

    private bool IsEndpoint() => Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri.PathAndQuery == "/"
        && uri.UserInfo.Length == 0;

    // Omits the keys, because settings are printed into logs.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"{nameof(Endpoint)} = {Endpoint}, {nameof(Bucket)} = {Bucket}, ");
        text.Append($"{nameof(Region)} = {Region}, {nameof(Prefix)} = {Prefix}");
        return true;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();
}
