using Ser.Chaos.Servers;

namespace Ser.Chaos.Faults;

/// <summary>Faults of the broker, the database and the object store.</summary>
internal static class ServerFaults
{
    /// <summary>SIGKILL of all processes of a server, and a restart after some seconds.</summary>
    public static Fault Kill(Server server, SeededRandom random)
    {
        var down = random.Seconds(0, 6);
        string description = $"{server.Name}, down for {down.TotalSeconds:0.##} s and its start";
        return new Fault($"{server.Name}-kill", server.Name, description, async () =>
        {
            await server.KillAsync();
            await Task.Delay(down);
            await server.RestartAsync();
        });
    }

    /// <summary>SIGSTOP of all processes of a server for some seconds.</summary>
    public static Fault Pause(Server server, SeededRandom random)
    {
        var time = random.Seconds(1, 12);
        return new($"{server.Name}-pause", server.Name, $"{server.Name} for {time.TotalSeconds:0.##} s", async () =>
        {
            await server.PauseAsync();
            await Task.Delay(time);
            await server.ResumeAsync();
        });
    }

    /// <summary>Deletes every message in every queue.</summary>
    public static Fault Purge(Server broker) => new("purge", broker.Name, "all queues", () => Queues.PurgeAsync(broker));
}
