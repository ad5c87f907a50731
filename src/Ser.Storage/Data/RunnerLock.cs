using System.Text.Json;
using Ser.Domain;

namespace Ser.Storage.Data;

/// <summary>The right to run jobs of a data folder, held as long as the process lives. The system lets go of it when the process dies.</summary>
internal sealed class RunnerLock : IDisposable
{
    private const string LockName = "runner.lock";

    // Beside the lock: a file that is locked cannot be read on every system.
    private const string HolderName = "runner.json";

    private readonly FileStream _held;

    private RunnerLock(FileStream held) => _held = held;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="InputException">Another process holds it; the message names it.</exception>
    public static RunnerLock Take(string folder, string command) => TryTake(folder, command) ?? throw new InputException(
        $"{folder} is in use by another runner{(HolderOf(folder) is { } holder ? $" ({holder})" : "")}. Wait for it or stop it, or give another folder with --data; looking (`ser status`, `ser results`) is fine meanwhile.");

    /// <summary>Takes the lock if nobody holds it.</summary>
    public static RunnerLock? TryTake(string folder, string command)
    {
        if (FileLock.TryTake(Path.Combine(folder, LockName)) is not { } held)
        {
            return null;
        }

        try
        {
            File.WriteAllText(Path.Combine(folder, HolderName), JsonSerializer.Serialize(new Holder(Environment.ProcessId, Environment.MachineName, command)));
            return new RunnerLock(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether somebody holds the lock now. Leaves nothing behind.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            // Shared among those who look, so that only a runner is in the way.
            new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (IOException problem)
        {
            return FileLock.MeansHeld(problem);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    /// <summary>Who took the lock last, as it said itself; null where nobody did.</summary>
    public static string? HolderOf(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<Holder>(File.ReadAllText(Path.Combine(folder, HolderName))) is not { } holder ? null : $"process {holder.Pid} on {holder.Host}: {holder.Command}";
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Holder(int Pid, string Host, string Command);
}
