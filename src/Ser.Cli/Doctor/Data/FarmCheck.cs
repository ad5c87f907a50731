using Ser.Cli.Hosts;
using Ser.Domain;
using Ser.Storage.Farm;

namespace Ser.Cli.Doctor.Data;

/// <summary>A server of the farm, where one is configured.</summary>
/// <param name="name">Its role.</param>
/// <param name="look">Says what it found.</param>
internal sealed class FarmCheck(string name, Func<FarmSettings, string> look) : ICheck
{
    public string Name => name;

    public Finding Look()
    {
        try
        {
            return Composition.FarmOf(HostConfiguration.Read(null, new Dictionary<string, string?>())) is { } farm
                ? Finding.Ok(look(farm))
                : Finding.Ok("no farm is configured; sweeps run in one process on this machine");
        }
        catch (InputException wrong)
        {
            return Finding.Failure(wrong.Message, "put the settings right (docs/operations.md)");
        }
        catch (StorageException away)
        {
            return Finding.Failure(away.Message, "see that the server runs, that this machine may reach it, and that user and password are right");
        }
    }
}
