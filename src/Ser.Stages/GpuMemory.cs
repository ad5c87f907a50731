using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Ser.Stages;

/// <summary>Memory of the first GPU that this process may see, as the driver's tool says.</summary>
internal static class GpuMemory
{
    internal static double GiB()
    {
        string visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")?.Split(',')[0].Trim() is { Length: > 0 } first ? first : "0";
        try
        {
            using var tool = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=memory.total", "--format=csv,noheader,nounits", "-i", visible])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string said = tool.StandardOutput.ReadToEnd();
            tool.WaitForExit();
            return double.TryParse(said.Trim(), CultureInfo.InvariantCulture, out double mebibytes) ? mebibytes / 1024 : 0;
        }
        catch (Win32Exception)
        {
            return 0;
        }
    }
}
