using System.Text.Json;
using Ser.Domain;

namespace Ser.Storage.Data;

/// <summary>The right to run jobs of a data folder. The operating system releases it when the process ends.</summary>
internal sealed class RunnerLock : IDisposable
{
    private const string LockName = "runner.lock";

    // A separate file, because a locked file cannot be read on every operating system.
    private const string HolderName = "runner.json";

    private readonly FileStream _held;

    private RunnerLock(FileStream held) => _held = held;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="InputException">Another process holds it; the message names it.</exception>
    public static RunnerLock Take(string folder, string command)
    {
        if (TryTake(folder, command) is { } taken)
        {
            return taken;
        }

        string holder = DescribeHolder(folder) is { } known ? $" ({known})" : "";
        throw new InputException(
            $"{folder} is in use by another runner{holder}. Wait for it or stop it, or give another folder with --data; "
            + "reading (`ser status`, `ser results`) is possible meanwhile.");
    }

    /// <summary>Takes the lock if it is free; null otherwise.</summary>
    public static RunnerLock? TryTake(string folder, string command)
    {
        if (FileLock.TryTake(Path.Combine(folder, LockName)) is not { } held)
        {
            return null;
        }

        try
        {
            var holder = new Holder(Environment.ProcessId, Environment.MachineName, command);
            File.WriteAllText(Path.Combine(folder, HolderName), JsonSerializer.Serialize(holder));
            return new RunnerLock(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whether a runner holds the lock now. Creates no file.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            // Opened for shared reading, so that concurrent checks do not conflict and only a runner does.
            new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (IOException problem)
        {
            return FileLock.IsHeldError(problem);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    /// <summary>Describes the process that took the lock last; null if it is not known.</summary>
    public static string? DescribeHolder(string folder)
    {
        try
        {
            var holder = JsonSerializer.Deserialize<Holder>(File.ReadAllText(Path.Combine(folder, HolderName)));
            return holder is null ? null : $"process {holder.Pid} on {holder.Host}: {holder.Command}";
        }
        catch (Exception problem) when (problem is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Holder(int Pid, string Host, string Command);
}
