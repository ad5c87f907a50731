namespace Ser.Worker;

/// <summary>An attempt made no steps for too long. What hangs cannot be ended from outside, so the process ends, with <see cref="ExitCode"/>, and its supervisor starts it again.</summary>
public sealed class StalledException(string message) : Exception(message)
{
    /// <summary>Of a process that ends for this.</summary>
    public const int ExitCode = 70;
}
