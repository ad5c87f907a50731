using Ser.Chaos.Farm;
using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>What happens between a process and a server.</summary>
internal static class OfWays
{
    /// <summary>Every connection is reset; new ones go through.</summary>
    public static Fault Cut(Member member, Server server) => new("cut", Between(member, server), Between(member, server), () =>
    {
        member.Ways[server].Cut();
        return Task.CompletedTask;
    });

    /// <summary>Nothing passes for a while. What was sent arrives afterwards, or the connections are reset.</summary>
    public static Fault BlackHole(Member member, Server server, Dice dice)
    {
        var time = dice.Seconds(1, 14);
        bool reset = dice.Happens(0.5);
        return new("black-hole", Between(member, server), $"{Between(member, server)} for {time.TotalSeconds:0.##} s, then {(reset ? "reset" : "goes on")}", async () =>
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

    /// <summary>Connections of now carry nothing any more and nobody is told; new ones go through.</summary>
    public static Fault Deafen(Member member, Server server) => new("deaf", Between(member, server), Between(member, server), () =>
    {
        member.Ways[server].Deafen();
        return Task.CompletedTask;
    });

    private static string Between(Member member, Server server) => $"{member.Process.Name}-{server.Name}";
}
