using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ser.Chaos;

/// <summary>Starts processes, sends signals to them and their descendants, and reaps them.</summary>
internal static partial class Processes
{
    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    private const int ChildSubreaper = 36;
    private const int DoNotBlock = 1;
    private static readonly TimeSpan GoneWithin = TimeSpan.FromMinutes(1);

    /// <summary>Sends a signal. A process that has ended is ignored.</summary>
    public static void Signal(int id, int signal) => _ = Send(id, signal);

    /// <summary>Sends a signal to processes and their descendants, ancestors first so that they start no new ones meanwhile.</summary>
    /// <returns>The processes that were signalled.</returns>
    public static IReadOnlyList<int> SignalTree(IEnumerable<int> roots, int signal)
    {
        var tree = Tree(roots);
        foreach (int id in tree)
        {
            Signal(id, signal);
        }

        return tree;
    }

    /// <summary>
    /// Makes this process the parent of every descendant whose own parent has ended. A server leaves the script that started it behind,
    /// so its parent would otherwise be process 1, and in many containers and virtual machines process 1 reaps late or never.
    /// </summary>
    public static void AdoptOrphans()
    {
        if (SetProcessOption(ChildSubreaper, 1, 0, 0, 0) != 0)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>
    /// Waits until killed processes have left the process table. A zombie still answers <c>kill(pid, 0)</c>,
    /// and PostgreSQL then refuses to start because its lock file names a process that seems to run.
    /// </summary>
    /// <exception cref="TimeoutException">One of them stays, because it belongs to another process that does not reap it.</exception>
    public static async Task WaitUntilGoneAsync(IEnumerable<int> ids)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (int id in ids)
        {
            // Only these ids are reaped: waiting for any child would take the exit codes that System.Diagnostics.Process waits for.
            while (Reap(id, 0, DoNotBlock) != id && Stat(id) is { } stat)
            {
                if (Stopwatch.GetElapsedTime(start) > GoneWithin)
                {
                    throw new TimeoutException($"killed process {id} is still in state {stat.State}; its parent is process {stat.Parent}");
                }

                await Task.Delay(20);
            }
        }
    }

    /// <summary>Whether a process exists and is not a zombie.</summary>
    public static bool IsAlive(int id) => Stat(id) is { } stat && stat.State is not ('Z' or 'X');

    /// <summary>Runs a program to its end.</summary>
    /// <param name="log">The file for its output. A pipe would stay open for as long as a server that the program leaves behind.</param>
    /// <param name="command">Program and arguments.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string log, params string[] command)
    {
        const string Redirect = "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null";
        var start = new ProcessStartInfo("/bin/bash", ["-c", Redirect, "run", log]);
        foreach (string part in command)
        {
            start.ArgumentList.Add(part);
        }

        RemoveSerSettings(start);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Removes SER_ variables, so that no setting of the caller's own farm or servers reaches the processes under test.</summary>
    public static void RemoveSerSettings(ProcessStartInfo start)
    {
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("SER_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
    }

    private static List<int> Tree(IEnumerable<int> roots)
    {
        var children = Directory.GetDirectories("/proc").Select(Id).Where(id => id > 0).ToLookup(id => Stat(id)?.Parent);
        var all = roots.Where(IsAlive).Distinct().ToList();
        for (int i = 0; i < all.Count; i++)
        {
            all.AddRange(children[all[i]].Where(child => !all.Contains(child)));
        }

        return all;

        static int Id(string path) => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? id : 0;
    }

    // /proc/ID/stat has: id (name) state parent …; the name may contain spaces and brackets.
    private static (char State, int Parent)? Stat(int id)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{id}/stat");
            string[] parts = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (parts[0][0], int.Parse(parts[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int id, int signal);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int SetProcessOption(int option, nuint value, nuint unused1, nuint unused2, nuint unused3);

    [DllImport("libc", EntryPoint = "waitpid")]
    private static extern int Reap(int id, nint status, int options);
}
