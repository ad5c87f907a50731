using System.Reflection;
using TorchSharp;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Whether libtorch loads, and on which device it computes.</summary>
internal sealed class LibtorchCheck : ICheck
{
    public string Name => "libtorch";

    public Finding Look()
    {
        string sharp = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception failed)
        {
            string why = failed.GetBaseException().Message.Split('\n')[0].TrimEnd();
            return Finding.Failure($"does not load: {why}", "see the line on libstdc++; if that is ok, build the program again for this system: dotnet build src/Ser.Cli -c Release");
        }

        int gpus = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        return Finding.Ok($"libtorch {torch.__version__}, TorchSharp {sharp}, {(gpus > 0 ? $"{gpus} CUDA device{(gpus == 1 ? "" : "s")}" : "on the CPU")}");
    }
}
