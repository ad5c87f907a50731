using System.Globalization;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Memory that this process may use, within a container's limit.</summary>
internal sealed class MemoryCheck : ICheck
{
    // Fine-tuning base on 24 rows of 7.5 s peaks at 12.8 GB with compute.rowsAtOnce: auto (docs/performance.md).
    private const double Comfortable = 13, Least = 1;

    public string Name => "memory";

    public Finding Look()
    {
        double limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        double free = Math.Min(limit, Free() ?? limit);
        string detail = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GB free of {limit:0.0} GB");
        return free < Least ? Finding.Failure(detail, "end other programs: even a small model needs a gigabyte")
            : free < Comfortable ? Finding.Warning(detail, "enough for small models; fine-tuning the base encoder on whole utterances of 7.5 s wants about 13 GB: end other programs, or lower compute.rowsAtOnce and --slots")
            : Finding.Ok(detail);
    }

    private static double? Free() => File.Exists("/proc/meminfo")
        && File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line
        && double.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out double kibibytes) ? kibibytes * 1024 / 1e9 : null;
}
