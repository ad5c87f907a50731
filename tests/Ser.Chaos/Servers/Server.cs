namespace Ser.Chaos.Servers;

/// <summary>One throw-away server of eng/services, which can be killed, started again and made to stand still.</summary>
/// <param name="name">As its script is called: postgres, rabbitmq, ceph.</param>
/// <param name="folder">Of all servers.</param>
/// <param name="services">The scripts.</param>
/// <param name="port">Where it listens, also after a restart.</param>
internal sealed class Server(string name, string folder, string services, int port)
{
    /// <summary>postgres, rabbitmq or ceph.</summary>
    public string Name => name;

    /// <summary>On the loopback.</summary>
    public int Port => port;

    /// <summary>SIGKILL to every process of it. Returns when none of them is left, not even as a zombie.</summary>
    public async Task KillAsync()
    {
        var killed = Processes.SignalTree(await IdsAsync(), Processes.Kill);
        await Processes.WaitUntilGoneAsync(killed);
    }

    /// <summary>Starts it again on what it has kept, and waits until it answers.</summary>
    public async Task RestartAsync()
    {
        string log = Path.Combine(folder, $"{name}.restart");
        if (await Processes.RunAsync(log, Script, "restart", Own) != 0)
        {
            throw new InvalidOperationException($"{name} does not start again: {await File.ReadAllTextAsync(log)}");
        }
    }

    /// <summary>SIGSTOP to every process of it.</summary>
    public async Task PauseAsync() => Processes.SignalTree(await IdsAsync(), Processes.Stop);

    /// <summary>SIGCONT.</summary>
    public async Task GoOnAsync() => Processes.SignalTree(await IdsAsync(), Processes.Continue);

    /// <summary>Runs another verb of its script.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> AskAsync(params string[] verbs)
    {
        string log = Path.Combine(folder, $"{name}.answer");
        int code = await Processes.RunAsync(log, [Script, verbs[0], Own, .. verbs[1..]]);
        string said = await File.ReadAllTextAsync(log);
        return code == 0 ? said : throw new InvalidOperationException($"{name} {string.Join(' ', verbs)}: {said}");
    }

    private string Script => Path.Combine(services, name);

    private string Own => Path.Combine(folder, name);

    private async Task<IReadOnlyList<int>> IdsAsync() => [.. (await AskAsync("pids")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
