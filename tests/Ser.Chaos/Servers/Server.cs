namespace Ser.Chaos.Servers;

/// <summary>A throw-away server of eng/services, which can be killed, restarted and paused.</summary>
/// <param name="name">The name of its script: postgres, rabbitmq or ceph.</param>
/// <param name="folder">The folder of all servers.</param>
/// <param name="services">The folder of the scripts.</param>
/// <param name="port">The port where it listens, the same after a restart.</param>
internal sealed class Server(string name, string folder, string services, int port)
{
    /// <summary>postgres, rabbitmq or ceph.</summary>
    public string Name => name;

    /// <summary>The loopback port.</summary>
    public int Port => port;

    /// <summary>Sends SIGKILL to all its processes. Returns when none of them is left, not even as a zombie.</summary>
    public async Task KillAsync()
    {
        var killed = Processes.SignalTree(await IdsAsync(), Processes.Kill);
        await Processes.WaitUntilGoneAsync(killed);
    }

    /// <summary>Starts it again on its data, and waits until it answers.</summary>
    public async Task RestartAsync()
    {
        string log = Path.Combine(folder, $"{name}.restart");
        if (await Processes.RunAsync(log, Script, "restart", Own) != 0)
        {
            throw new InvalidOperationException($"{name} does not start again: {await File.ReadAllTextAsync(log)}");
        }
    }

    /// <summary>Sends SIGSTOP to all its processes.</summary>
    public async Task PauseAsync() => Processes.SignalTree(await IdsAsync(), Processes.Stop);

    /// <summary>Sends SIGCONT to all its processes.</summary>
    public async Task ResumeAsync() => Processes.SignalTree(await IdsAsync(), Processes.Continue);

    /// <summary>Runs a verb of its script.</summary>
    /// <returns>The output.</returns>
    public async Task<string> RunScriptAsync(params string[] verbs)
    {
        string log = Path.Combine(folder, $"{name}.answer");
        int code = await Processes.RunAsync(log, [Script, verbs[0], Own, .. verbs[1..]]);
        string output = await File.ReadAllTextAsync(log);
        return code == 0
            ? output
            : throw new InvalidOperationException($"eng/services/{name} {string.Join(' ', verbs)} failed with exit code {code}: {output}");
    }

    private string Script => Path.Combine(services, name);

    private string Own => Path.Combine(folder, name);

    private async Task<IReadOnlyList<int>> IdsAsync()
    {
        string lines = await RunScriptAsync("pids");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }
}
