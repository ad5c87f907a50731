using Microsoft.Extensions.Logging;
using Ser.Domain;

namespace Ser.Dashboard.Live;

/// <summary>
/// One thing that many look at. It is read once, however many look, only while somebody looks, and only when its mark has changed.
/// </summary>
/// <param name="mark">Another text when what would be read is another.</param>
/// <param name="read">Reads it; is given what was read before.</param>
/// <param name="every">How often to look at the mark.</param>
/// <param name="clock">Time.</param>
/// <param name="log">Hears of what was not foreseen.</param>
internal sealed class Feed<T>(Func<string> mark, Func<T?, T> read, TimeSpan every, TimeProvider clock, ILogger log)
    where T : class
{
    private readonly SemaphoreSlim one = new(1);
    private readonly Lock watching = new();
    private List<Action<Moment<T>>> watchers = [];
    private CancellationTokenSource? loop;
    private string? lastMark;
    private DateTimeOffset looked;

    /// <summary>What was last read.</summary>
    public Moment<T> Now { get; private set; } = new(null, null, null);

    /// <summary>Whether anybody watches.</summary>
    public bool IsWatched
    {
        get
        {
            lock (watching)
            {
                return watchers.Count > 0;
            }
        }
    }

    /// <summary>What is there now.</summary>
    public async Task<Moment<T>> ReadAsync()
    {
        await LookAsync(CancellationToken.None);
        return Now;
    }

    /// <summary>Looks at once, whoever has looked lately: for whoever has just changed something.</summary>
    public Task HurryAsync()
    {
        looked = default;
        return LookAsync(CancellationToken.None);
    }

    /// <summary>Says when there is something new, on a thread of the pool, until disposed.</summary>
    public IDisposable Watch(Action<Moment<T>> changed)
    {
        lock (watching)
        {
            watchers = [.. watchers, changed];
            if (loop is null)
            {
                loop = new CancellationTokenSource();
                _ = LoopAsync(loop.Token);
            }
        }

        return new Watching(this, changed);
    }

    private async Task LoopAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await LookAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody watches any more.
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            if (clock.GetUtcNow() - looked < every / 2)
            {
                return;
            }

            var before = Now;
            await Task.Run(Look, stop);
            looked = clock.GetUtcNow();
            if (!ReferenceEquals(before.Value, Now.Value) || before.Problem?.Message != Now.Problem?.Message)
            {
                Tell();
            }
        }
        finally
        {
            one.Release();
        }
    }

    private void Look()
    {
        try
        {
            string here = mark();
            Now = here == lastMark && Now.Value is not null ? new Moment<T>(Now.Value, clock.GetUtcNow(), null) : new Moment<T>(read(Now.Value), clock.GetUtcNow(), null);
            lastMark = here;
        }
        catch (Exception problem)
        {
            if (problem is not (StorageException or InputException))
            {
                log.LogError(problem, "the store cannot be read");
            }

            Now = Now with { Problem = problem };
        }
    }

    private void Tell()
    {
        List<Action<Moment<T>>> told;
        lock (watching)
        {
            told = watchers;
        }

        foreach (var watcher in told)
        {
            watcher(Now);
        }
    }

    private void Leave(Action<Moment<T>> watcher)
    {
        lock (watching)
        {
            watchers = [.. watchers.Where(other => other != watcher)];
            if (watchers.Count == 0)
            {
                loop?.Cancel();
                loop?.Dispose();
                loop = null;
            }
        }
    }

    private sealed class Watching(Feed<T> feed, Action<Moment<T>> watcher) : IDisposable
    {
        public void Dispose() => feed.Leave(watcher);
    }
}
