using System.CommandLine;
using System.Runtime.InteropServices;

namespace Ser.Server.Hosts;

/// <summary>
/// Ctrl-C and SIGTERM. While a command is inside a scope, the first signal only requests a stop: a sweep writes a checkpoint at its next
/// step, labelling ends after the recordings that are finished, and a host shuts down. Outside a scope, and at a second signal, the process
/// ends at once, which is safe since files are put in place only when they are complete.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly Action _exit;
    private readonly PosixSignalRegistration[] _signals;
    private int _scopes;

    /// <param name="exit">Ends the process.</param>
    internal Interrupts(Action exit)
    {
        _exit = exit;
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        _signals = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => _requested.Token;

    /// <summary>The interrupts of the command line that a command was read from.</summary>
    internal static Interrupts From(ParseResult parsed) => ((Invocation)parsed.InvocationConfiguration).Interrupts;

    /// <summary>Has the first signal request a stop until the scope is disposed.</summary>
    internal IDisposable EnterScope()
    {
        Interlocked.Increment(ref _scopes);
        return new Scope(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _requested.Dispose();
    }

    internal void Handle(PosixSignalContext context)
    {
        if (Volatile.Read(ref _scopes) == 0 || _requested.IsCancellationRequested)
        {
            _exit();
        }

        context.Cancel = true;
        _requested.Cancel();
    }

    /// <summary>The configuration with which a command is invoked: it carries the interrupts to the command.</summary>
    internal sealed class Invocation(Interrupts interrupts) : InvocationConfiguration
    {
        internal Interrupts Interrupts => interrupts;
    }

    private sealed class Scope(Interrupts interrupts) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                Interlocked.Decrement(ref interrupts._scopes);
            }
        }
    }
}
