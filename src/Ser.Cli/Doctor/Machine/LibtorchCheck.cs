using System.Reflection;
using Ser.Domain;
using TorchSharp;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Whether libtorch loads, and on which device it computes.</summary>
internal sealed class LibtorchCheck : ICheck
{
    public string Name => "libtorch";

    public Finding Run()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception failed)
        {
            string reason = failed.GetBaseException().Message.Split('\n')[0].TrimEnd();
            return Finding.Failure(
                $"does not load: {reason}",
                "see the line on libstdc++; if that is ok, build the program again for this system: dotnet build src/Ser.Cli -c Release");
        }

        int gpus = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        string device = gpus > 0 ? Plural.Count(gpus, "CUDA device") : "on the CPU";
        return Finding.Ok($"libtorch {torch.__version__}, TorchSharp {TorchSharpVersion()}, {device}");
    }

    private static string TorchSharpVersion()
    {
        var attribute = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        return attribute?.InformationalVersion.Split('+')[0] ?? "";
    }
}
