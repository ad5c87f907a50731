using System.ComponentModel;
using System.Diagnostics;
using TorchSharp;

namespace Ser.Cli.Doctor.Machine;

/// <summary>NVIDIA GPUs with memory and driver, as nvidia-smi lists them.</summary>
internal sealed class GpuCheck : ICheck
{
    private const string Query = "--query-gpu=name,memory.total,memory.free,driver_version --format=csv,noheader";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public string Name => "GPU";

    public Finding Run()
    {
        if (!OperatingSystem.IsWindows() && !File.Exists("/proc/driver/nvidia/version") && !File.Exists("/dev/nvidiactl"))
        {
            return Finding.Ok("none: computing on the CPU");
        }

        string? listed = RunNvidiaSmi();
        if (string.IsNullOrWhiteSpace(listed))
        {
            return OperatingSystem.IsWindows()
                ? Finding.Ok("none: computing on the CPU")
                : Finding.Warning(
                    "there is an NVIDIA driver, but nvidia-smi does not answer",
                    "check that nvidia-smi works here; in a container the GPU must be passed through (--gpus all)");
        }

        string gpus = string.Join("; ", listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Describe));
        return torch.cuda.is_available()
            ? Finding.Ok(gpus)
            : Finding.Warning(
                $"{gpus}; libtorch cannot use it",
                "build for CUDA: SER_BUILD_ARGS=-p:Torch=cuda ./ser doctor; if it was built so, the driver is too old for this libtorch");
    }

    private static string Describe(string line) => line.Split(", ") is [var name, var total, var free, var driver]
        ? $"{name.Trim()}, {free} of {total} free, driver {driver.Trim()}"
        : line.Trim();

    private static string? RunNvidiaSmi()
    {
        try
        {
            var start = new ProcessStartInfo("nvidia-smi", Query) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var tool = Process.Start(start)!;
            var output = tool.StandardOutput.ReadToEndAsync();
            if (!tool.WaitForExit(Timeout))
            {
                tool.Kill();
                return null;
            }

            return tool.ExitCode == 0 ? output.Result : null;
        }
        catch (Win32Exception)
        {
            return null; // not installed
        }
    }
}
