using System.Diagnostics;
using System.Reflection;

namespace Ser.Chaos.Farm;

/// <summary>A ser process under a supervisor, which starts it again a second after it has ended, as systemd would.</summary>
internal sealed class FarmProcess : IDisposable
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(1);
    private readonly Timeline _timeline;
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string[] _args;
    private readonly StreamWriter _log;
    private readonly CancellationTokenSource _over = new();
    private Process? _process;
    private Task _supervision = Task.CompletedTask;
    private volatile bool _killed;
    private volatile bool _terminated;

    /// <param name="name">The name in the timeline and of the log.</param>
    /// <param name="folder">The data folder of this process; its log is written beside it.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="args">Arguments of ser.</param>
    /// <param name="timeline">Records every unexpected end.</param>
    public FarmProcess(
        string name,
        string folder,
        IReadOnlyDictionary<string, string> settings,
        string[] args,
        Timeline timeline)
    {
        (Name, _folder, _settings, _args, _timeline) = (name, folder, settings, args, timeline);
        Directory.CreateDirectory(folder);
        _log = new StreamWriter(folder + ".log") { AutoFlush = true };
    }

    /// <summary>scheduler, worker1, …</summary>
    public string Name { get; }

    /// <summary>The data folder.</summary>
    public string Folder => _folder;

    /// <summary>Exit codes of ends without a signal from here, and codes other than 0 after SIGTERM.</summary>
    public List<int> UnexpectedExits { get; } = [];

    /// <summary>Path of the built program.</summary>
    public static string Program { get; } = Path.GetFullPath(Metadata("Ser.Cli"));

    /// <summary>The root folder of the repository.</summary>
    public static string RepositoryRoot { get; } = Path.GetFullPath(Metadata("Top"));

    /// <summary>Starts the process and its supervisor.</summary>
    public void Start() => _supervision = SuperviseAsync();

    /// <summary>Sends SIGKILL.</summary>
    public void Kill()
    {
        _killed = true;
        Signal(Processes.Kill);
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        _terminated = true;
        Signal(Processes.Terminate);
    }

    /// <summary>Sends SIGSTOP.</summary>
    public void Pause() => Signal(Processes.Stop);

    /// <summary>Sends SIGCONT.</summary>
    public void Resume() => Signal(Processes.Continue);

    /// <summary>Sends SIGTERM, waits for the end and does not restart the process.</summary>
    public async Task StopAsync()
    {
        await _over.CancelAsync();
        Terminate();
        await _supervision;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.Cancel();
        Kill();
        _supervision.GetAwaiter().GetResult();
        _process?.Dispose();
        _log.Dispose();
        _over.Dispose();
    }

    private async Task SuperviseAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            _killed = _terminated = false;
            _process = Process.Start(Command())!;
            var output = Task.WhenAll(CopyAsync(_process.StandardError), CopyAsync(_process.StandardOutput));
            await _process.WaitForExitAsync();
            await output;
            int code = _process.ExitCode;
            if (!_killed && (code != 0 || !_terminated))
            {
                _timeline.Add("exit", $"{Name} ended with {code}");
                lock (UnexpectedExits)
                {
                    UnexpectedExits.Add(code);
                }
            }

            try
            {
                await Task.Delay(RestartAfter, _over.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private ProcessStartInfo Command()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (string arg in (string[])[Program, .. _args, "--data", _folder])
        {
            start.ArgumentList.Add(arg);
        }

        Processes.RemoveSerSettings(start);
        foreach (var (key, value) in _settings)
        {
            start.Environment[key] = value;
        }

        return start;
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.WriteLine(FormattableString.Invariant($"{_timeline.Elapsed.TotalSeconds,7:0.0} {line}"));
            }
        }
    }

    private void Signal(int signal)
    {
        try
        {
            if (_process is { HasExited: false } process)
            {
                Processes.Signal(process.Id, signal);
            }
        }
        catch (InvalidOperationException)
        {
            // The process has ended and is not started again yet.
        }
    }

    private static string Metadata(string key) =>
        typeof(FarmProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
