using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ser.Reporting.Results;

/// <summary>SHA-256 over the rows in order. Names, ids, times and counts of jobs are left out: equal results have equal digests.</summary>
internal static class ResultsDigest
{
    public static string Compute(IEnumerable<PredictedRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows)
        {
            var arm = row.Arm.Arm;
            string settings = FormattableString.Invariant($"{arm.Lambda:R}|{arm.Augmentation}|{arm.Seed}|{row.Arm.Profile}");
            string kind = $"{row.Inference}|{row.Selection}|{row.Weighting}";
            string encoder = arm.Encoder is null ? "" : "|" + row.Arm.Encoder;
            Append(hash, FormattableString.Invariant($"{settings}|{kind}|{row.Folds.Count}{encoder}\n"));
            foreach (var fold in row.Folds)
            {
                string counts = string.Join(';', fold.Confusion.Counts.Select(line => string.Join(',', line)));
                var chosen = fold.Chosen;
                string choice = FormattableString.Invariant($"{chosen?.K}|{chosen?.Alpha:R}|{chosen?.TemperatureFactor:R}");
                Append(hash, FormattableString.Invariant($"{fold.Input.Fold}|{choice}|{counts}\n"));
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

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
}
