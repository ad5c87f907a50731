using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>Faults of the connections between a process and a server.</summary>
internal static class ConnectionFaults
{
    /// <summary>Resets every connection; new ones are accepted.</summary>
    public static Fault Reset(FarmMember member, Server server) => new("cut", Between(member, server), Between(member, server), () =>
    {
        member.Proxies[server].ResetConnections();
        return Task.CompletedTask;
    });

    /// <summary>Holds all data back for some seconds. Afterwards it arrives, or the connections are reset.</summary>
    public static Fault BlackHole(FarmMember member, Server server, SeededRandom random)
    {
        var time = random.Seconds(1, 14);
        bool reset = random.Chance(0.5);
        string target = Between(member, server);
        string description = $"{target} for {time.TotalSeconds:0.##} s, then {(reset ? "reset" : "goes on")}";
        return new Fault("black-hole", target, description, async () =>
        {
            member.Proxies[server].HoldBack();
            await Task.Delay(time);
            if (reset)
            {
                member.Proxies[server].ResetConnections();
            }

            member.Proxies[server].Release();
        });
    }

    /// <summary>Existing connections stay open but carry nothing any more; new ones are accepted.</summary>
    public static Fault StopForwarding(FarmMember member, Server server) =>
        new("deaf", Between(member, server), Between(member, server), () =>
    {
        member.Proxies[server].StopForwarding();
        return Task.CompletedTask;
    });

    private static string Between(FarmMember member, Server server) => $"{member.Process.Name}-{server.Name}";
}
