using System.Globalization;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Memory that this process may use, within a container's limit.</summary>
internal sealed class MemoryCheck : ICheck
{
    // Fine-tuning base: parameters, gradients, momentum and the kept epoch take 1.5 GB, the activations of 24 rows the rest.
    private const double Comfortable = 6, Least = 1;

    public string Name => "memory";

    public Finding Look()
    {
        double limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        double free = Math.Min(limit, Free() ?? limit);
        string detail = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} GB free of {limit:0.0} GB");
        return free < Least ? Finding.Failure(detail, "end other programs: even a small model needs a gigabyte")
            : free < Comfortable ? Finding.Warning(detail, "enough for small models; fine-tuning the base encoder wants about 6 GB: end other programs, or lower training.batch and --slots")
            : Finding.Ok(detail);
    }

    private static double? Free() => File.Exists("/proc/meminfo")
        && File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line
        && double.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out double kibibytes) ? kibibytes * 1024 / 1e9 : null;
}
