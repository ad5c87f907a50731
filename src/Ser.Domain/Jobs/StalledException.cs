namespace Ser.Domain.Jobs;

/// <summary>
/// An attempt made no steps for too long. A thread that hangs cannot be ended, so the process exits with <see cref="ExitCode"/> and its
/// supervisor restarts it.
/// </summary>
public sealed class StalledException(string message) : Exception(message)
{
    /// <summary>Exit code of a process that ends because of a stalled attempt.</summary>
    public const int ExitCode = 70;
}
