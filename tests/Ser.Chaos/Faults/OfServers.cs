using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>What happens to broker, database and object store.</summary>
internal static class OfServers
{
    /// <summary>SIGKILL of all its processes, and a start after a while.</summary>
    public static Fault Kill(Server server, Dice dice)
    {
        var down = dice.Seconds(0, 6);
        return new($"{server.Name}-kill", server.Name, $"{server.Name}, down for {down.TotalSeconds:0.##} s and its start", async () =>
        {
            await server.KillAsync();
            await Task.Delay(down);
            await server.RestartAsync();
        });
    }

    /// <summary>SIGSTOP of all its processes for a while.</summary>
    public static Fault Pause(Server server, Dice dice)
    {
        var time = dice.Seconds(1, 12);
        return new($"{server.Name}-pause", server.Name, $"{server.Name} for {time.TotalSeconds:0.##} s", async () =>
        {
            await server.PauseAsync();
            await Task.Delay(time);
            await server.GoOnAsync();
        });
    }

    /// <summary>Every queue loses every message.</summary>
    public static Fault Purge(Server broker) => new("purge", broker.Name, "all queues", async () =>
    {
        foreach (var queue in await Queues.AllAsync(broker))
        {
            await broker.AskAsync("ctl", "-q", "purge_queue", queue.Name);
        }
    });
}
