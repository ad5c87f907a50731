using System.Runtime.InteropServices;
using Ser.Server.Hosts;

namespace Ser.Server.Tests.Hosts;

/// <summary>The first signal requests a stop inside a scope; every other one ends the process.</summary>
public sealed class InterruptsTests : IDisposable
{
    private readonly Interrupts _interrupts;
    private int _exits;

    public InterruptsTests() => _interrupts = new Interrupts(() => _exits++);

    public void Dispose() => _interrupts.Dispose();

    [Fact]
    public void Outside_a_scope_a_signal_ends_the_process()
    {
        Signal();
        Assert.Equal(1, _exits);
    }

    [Fact]
    public void Inside_a_scope_the_first_signal_requests_a_stop_and_the_second_ends_the_process()
    {
        using (_interrupts.EnterScope())
        {
            Assert.False(_interrupts.Token.IsCancellationRequested);
            Assert.True(Signal().Cancel);
            Assert.True(_interrupts.Token.IsCancellationRequested);
            Assert.Equal(0, _exits);
            Signal();
            Assert.Equal(1, _exits);
        }
    }

    [Fact]
    public void Scopes_nest_and_a_second_disposal_of_one_changes_nothing()
    {
        using var outer = _interrupts.EnterScope();
        var inner = _interrupts.EnterScope();
        inner.Dispose();
        inner.Dispose();
        Signal();
        Assert.Equal(0, _exits);
    }

    private PosixSignalContext Signal()
    {
        var context = new PosixSignalContext(PosixSignal.SIGINT);
        _interrupts.Handle(context);
        return context;
    }
}
