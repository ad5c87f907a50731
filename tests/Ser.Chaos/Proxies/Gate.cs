namespace Ser.Chaos.Proxies;

/// <summary>A gate that can be closed for a while.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _open = Opened();

    /// <summary>Makes every caller of <see cref="WaitAsync"/> wait from now on.</summary>
    public void Close() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets the callers that wait, and later ones, pass.</summary>
    public void Open()
    {
        var closed = _open;
        _open = Opened();
        closed.TrySetResult();
    }

    /// <summary>Waits until it is open.</summary>
    public Task WaitAsync(CancellationToken stop) => _open.Task.WaitAsync(stop);

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
