using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.Domain.Corpora;

/// <summary>What makes two corpora the same: not where they lie, but what is said in them, by whom, as which class.</summary>
public static class CorpusDigest
{
    /// <summary>
    /// Lower-case hex SHA-256 over one line of canonical JSON for the classes and one for each utterance, in order: name, speaker, session, class, audio digest.
    /// </summary>
    public static string Of(IReadOnlyList<string> classes, IReadOnlyList<Utterance> utterances)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, [.. classes.Select(name => (JsonNode)name)]);
        foreach (var utterance in utterances)
        {
            Append(hash, [utterance.Name, utterance.Speaker, utterance.Session, utterance.Class, utterance.Sha256]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, JsonArray line) => hash.AppendData(Encoding.UTF8.GetBytes(CanonicalJson.Write(line) + "\n"));
}
