using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>Faults of the connections between a process and a server.</summary>
internal static class OfWays
{
    /// <summary>Resets every connection; new ones are accepted.</summary>
    public static Fault Cut(Member member, Server server) => new("cut", Between(member, server), Between(member, server), () =>
    {
        member.Ways[server].Cut();
        return Task.CompletedTask;
    });

    /// <summary>Holds all data back for some seconds. Afterwards it arrives, or the connections are reset.</summary>
    public static Fault BlackHole(Member member, Server server, Dice random)
    {
        var time = random.Seconds(1, 14);
        bool reset = random.Happens(0.5);
        string target = Between(member, server);
        string description = $"{target} for {time.TotalSeconds:0.##} s, then {(reset ? "reset" : "goes on")}";
        return new Fault("black-hole", target, description, async () =>
        {
            member.Ways[server].Close();
            await Task.Delay(time);
            if (reset)
            {
                member.Ways[server].Cut();
            }

            member.Ways[server].Open();
        });
    }

    /// <summary>Existing connections stay open but carry nothing any more; new ones are accepted.</summary>
    public static Fault Deafen(Member member, Server server) => new("deaf", Between(member, server), Between(member, server), () =>
    {
        member.Ways[server].Deafen();
        return Task.CompletedTask;
    });

    private static string Between(Member member, Server server) => $"{member.Process.Name}-{server.Name}";
}
