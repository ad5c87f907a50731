using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>A job's id: the first 128 bits, in hex, of SHA-256 over what decides its result.</summary>
public static class JobId
{
    /// <summary>The id of a job of one stage.</summary>
    /// <param name="stage">Name of the stage.</param>
    /// <param name="revision">The stage's revision, raised by hand when its numbers change.</param>
    /// <param name="spec">Specification: method, data digests, precision, threads, device class.</param>
    /// <param name="parents">Ids of the parents, in the order the stage names them.</param>
    public static string Of(string stage, int revision, JsonObject spec, IReadOnlyList<string> parents)
    {
        var identity = new JsonObject
        {
            ["after"] = new JsonArray([.. parents.Select(parent => (JsonNode)parent)]),
            ["revision"] = revision,
            ["spec"] = spec.DeepClone(),
            ["stage"] = stage,
        };
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Write(identity)));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }
}
