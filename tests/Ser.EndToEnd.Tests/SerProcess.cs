using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Ser.EndToEnd.Tests;

/// <summary>The real program in a process of its own.</summary>
internal sealed class SerProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private SerProcess(Process process) => _process = process;

    internal static string RepositoryRoot { get; } = Path.GetFullPath(Metadata("Top"));

    internal static string Chaos { get; } = Path.GetFullPath(Metadata("Ser.Chaos"));

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    internal string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    internal static SerProcess Start(string folder, params string[] args) =>
        StartProgram(Path.GetFullPath(Metadata("Ser.Cli")), folder, args);

    /// <summary>A program other than ser.</summary>
    internal static SerProcess StartProgram(string program, string folder, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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

    internal static async Task<ProcessResult> RunAsync(string folder, params string[] args)
    {
        using var process = Start(folder, args);
        return await process.EndAsync();
    }

    /// <summary>Runs `ser bench …`, which the launcher starts from a project of its own.</summary>
    internal static async Task<ProcessResult> RunBenchAsync(string folder, params string[] args)
    {
        using var process = StartProgram(Path.GetFullPath(Metadata("Ser.Bench")), folder, args);
        return await process.EndAsync();
    }

    internal async Task<ProcessResult> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ProcessResult(_process.ExitCode, _output.ToString(), _errors.ToString());
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>What Ctrl-C sends.</summary>
    internal void Interrupt() => Process.Start("kill", ["-INT", _process.Id.ToString()])!.WaitForExit();

    /// <summary>SIGTERM: what systemd, Slurm and container engines send.</summary>
    internal void Terminate() => Process.Start("kill", ["-TERM", _process.Id.ToString()])!.WaitForExit();

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

    private static string Metadata(string key) =>
        typeof(SerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}

/// <summary>A process that has ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The digest of a sweep's results, in JSON output that has one.</summary>
    internal string? Digest => Json().GetProperty("digest").GetString();

    internal JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    /// <summary>The running jobs of all sweeps in the output of `ser status --json`.</summary>
    internal IEnumerable<JsonElement> RunningJobs() =>
        Json().GetProperty("sweeps").EnumerateArray().SelectMany(sweep => sweep.GetProperty("running").EnumerateArray());
}
