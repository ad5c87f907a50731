using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.Domain.Corpora;

/// <summary>Computes the digest of a corpus, which covers its content and labels but not its location.</summary>
public static class CorpusDigest
{
    /// <summary>
    /// Computes the lower-case hex SHA-256 over one line of canonical JSON for the classes and one for each utterance, in order, with
    /// name, speaker, session, class and audio digest.
    /// </summary>
    public static string Compute(IReadOnlyList<string> classes, IReadOnlyList<Utterance> utterances)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, [.. classes.Select(name => (JsonNode)name)]);
        foreach (var utterance in utterances)
        {
            Append(hash, [utterance.Name, utterance.Speaker, utterance.Session, utterance.Class, utterance.Sha256]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, JsonArray line)
    {
        string text = CanonicalJson.Write(line) + "\n";
        hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
