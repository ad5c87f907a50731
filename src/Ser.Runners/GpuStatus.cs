using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Ser.Runners;

/// <summary>Memory and load of the first GPU that is visible to this process, as nvidia-smi reports them.</summary>
/// <param name="TotalBytes">Memory of the GPU in bytes.</param>
/// <param name="Bytes">Memory in use by all processes, in bytes.</param>
/// <param name="Utilisation">Share of the last second in which the GPU was busy, from 0 to 1; null where it is not reported.</param>
public sealed record GpuStatus(long TotalBytes, long Bytes, double? Utilisation)
{
    /// <summary>The current reading; null where there is no GPU or no nvidia-smi.</summary>
    public static GpuStatus? Read()
    {
        string? firstVisible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',')[0].Trim();
        string device = string.IsNullOrEmpty(firstVisible) ? "0" : firstVisible;
        string[] arguments = ["--query-gpu=memory.total,memory.used,utilization.gpu", "--format=csv,noheader,nounits", "-i", device];
        try
        {
            using var tool = Process.Start(new ProcessStartInfo("nvidia-smi", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string output = tool.StandardOutput.ReadToEnd();
            tool.WaitForExit();
            return Parse(output);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Parses a line of nvidia-smi: total MiB, used MiB, percent. Null for any other line.</summary>
    public static GpuStatus? Parse(string line)
    {
        double?[] numbers = [.. line.Trim().Split(',').Select(ParseNumber)];
        return numbers is [{ } total, { } used, var busy] ? new GpuStatus((long)total << 20, (long)used << 20, busy / 100) : null;
    }

    private static double? ParseNumber(string text) =>
        double.TryParse(text.Trim(), CultureInfo.InvariantCulture, out double number) ? number : null;
}
