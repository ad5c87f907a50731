using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Ser.Runners;

/// <summary>The first GPU that this process may see, as the driver's tool says.</summary>
/// <param name="TotalBytes">Its memory.</param>
/// <param name="Bytes">Of it in use, by whomever.</param>
/// <param name="Utilisation">Share of the last second in which it was busy, 0 to 1; null: it does not tell.</param>
public sealed record GpuReading(long TotalBytes, long Bytes, double? Utilisation)
{
    /// <summary>Read now; null: there is no GPU, or no tool.</summary>
    public static GpuReading? Now()
    {
        string visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',')[0].Trim() is { Length: > 0 } first ? first : "0";
        try
        {
            using var tool = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=memory.total,memory.used,utilization.gpu", "--format=csv,noheader,nounits", "-i", visible])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string said = tool.StandardOutput.ReadToEnd();
            tool.WaitForExit();
            return Parse(said);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>From the tool's line: mebibytes, mebibytes, percent.</summary>
    public static GpuReading? Parse(string line)
    {
        double?[] numbers = [.. line.Trim().Split(',').Select(part => double.TryParse(part.Trim(), CultureInfo.InvariantCulture, out double number) ? number : (double?)null)];
        return numbers is [{ } total, { } used, var busy] ? new GpuReading((long)total << 20, (long)used << 20, busy / 100) : null;
    }
}
