using System.Globalization;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Memory that this process may use, within a container's limit.</summary>
internal sealed class MemoryCheck : ICheck
{
    // Fine-tuning base on 24 rows of 7.5 s peaks at 12.8 GB with compute.rowsAtOnce: auto (docs/performance.md).
    private const double ComfortableGigabytes = 13, LeastGigabytes = 1;

    public string Name => "memory";

    public Finding Run()
    {
        double limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        double free = Math.Min(limit, FreeGigabytes() ?? limit);
        string detail = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GB free of {limit:0.0} GB");
        if (free < LeastGigabytes)
        {
            return Finding.Failure(detail, "end other programs: even a small model needs a gigabyte");
        }

        return free < ComfortableGigabytes
            ? Finding.Warning(
                detail,
                "enough for small models; fine-tuning the base encoder on whole utterances of 7.5 s needs about 13 GB: "
                + "end other programs, or lower compute.rowsAtOnce and --slots")
            : Finding.Ok(detail);
    }

    // MemAvailable of Linux; null on other systems.
    private static double? FreeGigabytes()
    {
        const string MemoryFile = "/proc/meminfo";
        if (!File.Exists(MemoryFile))
        {
            return null;
        }

        string? line = File.ReadLines(MemoryFile).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        string? kibibytes = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return double.TryParse(kibibytes, CultureInfo.InvariantCulture, out double number) ? number * 1024 / 1e9 : null;
    }
}
