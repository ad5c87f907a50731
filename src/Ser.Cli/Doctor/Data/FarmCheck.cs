using Ser.Domain;
using Ser.Server.Hosts;
using Ser.Storage.Farm;

namespace Ser.Cli.Doctor.Data;

/// <summary>A server of the farm, where one is configured.</summary>
/// <param name="name">Its role.</param>
/// <param name="inspect">Connects to it and describes it.</param>
internal sealed class FarmCheck(string name, Func<FarmSettings, string> inspect) : ICheck
{
    public string Name => name;

    public Finding Run()
    {
        try
        {
            var configuration = HostConfiguration.Read(null, new Dictionary<string, string?>());
            return Composition.FindFarm(configuration) is { } farm
                ? Finding.Ok(inspect(farm))
                : Finding.Ok("no farm is configured; sweeps run in one process on this machine");
        }
        catch (InputException wrong)
        {
            return Finding.Failure(wrong.Message, "correct the settings (docs/operations.md)");
        }
        catch (StorageException unreachable)
        {
            return Finding.Failure(
                unreachable.Message,
                "check that the server runs, that this machine can reach it, and that user and password are right");
        }
    }
}
