using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ser.Reporting.Results;

/// <summary>SHA-256 over rows in order. No names, ids, times or counts of jobs: equal results have equal digests.</summary>
internal static class ResultsDigest
{
    public static string Of(IEnumerable<AnsweredRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            var arm = row.Arm.Arm;
            Text(hash, FormattableString.Invariant(
                $"{arm.Lambda:R}|{arm.Augmentation}|{arm.Seed}|{row.Arm.Profile}|{row.Inference}|{row.Selection}|{row.Weighting}|{row.Folds.Count}{(arm.Encoder is null ? "" : "|" + row.Arm.Encoder)}\n"));
            foreach (var fold in row.Folds)
            {
                string counts = string.Join(';', fold.Confusion.Counts.Select(line => string.Join(',', line)));
                Text(hash, FormattableString.Invariant($"{fold.Input.Fold}|{fold.Chosen?.K}|{fold.Chosen?.Alpha:R}|{fold.Chosen?.TemperatureFactor:R}|{counts}\n"));
                byte[] bits = new byte[8];
                foreach (double p in fold.Probabilities.SelectMany(line => line))
                {
                    BinaryPrimitives.WriteDoubleLittleEndian(bits, p);
                    hash.AppendData(bits);
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Text(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
}
