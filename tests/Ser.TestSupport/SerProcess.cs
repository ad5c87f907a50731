using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Ser.TestSupport;

/// <summary>The real program in a process of its own.</summary>
public sealed class SerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private SerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static SerProcess Start(string folder, params string[] args) => StartProgram(Repository.Cli, folder, args);

    /// <summary>A program other than ser.</summary>
    public static SerProcess StartProgram(string program, string folder, params string[] args)
    {
        // A shell that starts tests in the background has them ignore SIGINT, and children inherit that. `env` sets the default action
        // again and then becomes the program, which keeps its process id.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(program);
        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["SER_DATA"] = Path.Combine(folder, "data");
        var process = Process.Start(start)!;
        var started = new SerProcess(process);
        process.OutputDataReceived += (_, line) => Append(started._output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(started._errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    public static async Task<ProcessResult> RunAsync(string folder, params string[] args)
    {
        using var process = Start(folder, args);
        return await process.EndAsync();
    }

    /// <summary>Runs `ser bench …`, which the launcher starts from a project of its own.</summary>
    public static async Task<ProcessResult> RunBenchAsync(string folder, params string[] args)
    {
        using var process = StartProgram(Repository.Bench, folder, args);
        return await process.EndAsync();
    }

    public async Task<ProcessResult> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ProcessResult(_process.ExitCode, _output.ToString(), _errors.ToString());
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public void Kill() => _process.Kill();

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt() => Process.Start("kill", ["-INT", _process.Id.ToString()])!.WaitForExit();

    /// <summary>SIGTERM: what systemd, Slurm and container engines send.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", _process.Id.ToString()])!.WaitForExit();

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }
}

/// <summary>A process that has ended.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The digest of a sweep's results, in JSON output that has one.</summary>
    public string? Digest => Json().GetProperty("digest").GetString();

    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    /// <summary>The running jobs of all sweeps in the output of `ser status --json`.</summary>
    public IEnumerable<JsonElement> RunningJobs() =>
        Json().GetProperty("sweeps").EnumerateArray().SelectMany(sweep => sweep.GetProperty("running").EnumerateArray());
}
