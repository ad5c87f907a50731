using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>Computes job ids: the first 128 bits, in lower-case hex, of SHA-256 over everything that determines a job's result.</summary>
public static class JobId
{
    /// <summary>Computes the id of a job.</summary>
    /// <param name="stage">Name of the stage.</param>
    /// <param name="revision">The stage's revision, which developers increase when the stage's numbers change.</param>
    /// <param name="spec">Specification without hints: method, data digests, precision, threads, device class.</param>
    /// <param name="parents">Ids of the parents, in the order in which the stage declares them.</param>
    public static string Compute(string stage, int revision, JsonObject spec, IReadOnlyList<string> parents)
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
