using Microsoft.Extensions.Logging;
using Ser.Domain;

namespace Ser.Dashboard.Live;

/// <summary>
/// A value of the store that many pages show. However many pages watch it, the value is read once, only while at least one page
/// watches, and only when its version has changed.
/// </summary>
/// <param name="readVersion">Reads the version of the value: a text that differs whenever the value differs.</param>
/// <param name="read">Reads the value; receives the previous one, which is null the first time.</param>
/// <param name="interval">How often the version is checked.</param>
/// <param name="clock">Source of time.</param>
/// <param name="log">Receives unexpected errors.</param>
internal sealed class Feed<T>(Func<string> readVersion, Func<T?, T> read, TimeSpan interval, TimeProvider clock, ILogger log)
    where T : class
{
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly Lock _watchersLock = new();
    private List<Action<FeedState<T>>> _watchers = [];
    private CancellationTokenSource? _loop;
    private string? _lastVersion;
    private DateTimeOffset _lastRefresh;

    /// <summary>The value as it was last read.</summary>
    public FeedState<T> Latest { get; private set; } = new(null, null, null);

    /// <summary>Whether any page watches.</summary>
    public bool IsWatched
    {
        get
        {
            lock (_watchersLock)
            {
                return _watchers.Count > 0;
            }
        }
    }

    /// <summary>Reads the value, unless it was read within the last half interval.</summary>
    public async Task<FeedState<T>> ReadAsync()
    {
        await RefreshAsync(CancellationToken.None);
        return Latest;
    }

    /// <summary>Reads the value at once, however recently it was read. For use after a change that should be visible immediately.</summary>
    public Task RefreshNowAsync()
    {
        _lastRefresh = default;
        return RefreshAsync(CancellationToken.None);
    }

    /// <summary>Calls <paramref name="changed"/> on a thread of the pool after each change, until the result is disposed.</summary>
    public IDisposable Watch(Action<FeedState<T>> changed)
    {
        lock (_watchersLock)
        {
            _watchers = [.. _watchers, changed];
            if (_loop is null)
            {
                _loop = new CancellationTokenSource();
                _ = LoopAsync(_loop.Token);
            }
        }

        return new Subscription(this, changed);
    }

    private async Task LoopAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await RefreshAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The last watcher has unsubscribed.
        }
    }

    private async Task RefreshAsync(CancellationToken stop)
    {
        await _refreshing.WaitAsync(stop);
        try
        {
            if (clock.GetUtcNow() - _lastRefresh < interval / 2)
            {
                return;
            }

            var before = Latest;
            await Task.Run(Refresh, stop);
            _lastRefresh = clock.GetUtcNow();
            if (!ReferenceEquals(before.Value, Latest.Value) || before.Problem?.Message != Latest.Problem?.Message)
            {
                NotifyWatchers();
            }
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private void Refresh()
    {
        try
        {
            string version = readVersion();
            bool unchanged = version == _lastVersion && Latest.Value is not null;
            var value = unchanged ? Latest.Value : read(Latest.Value);
            Latest = new FeedState<T>(value, clock.GetUtcNow(), null);
            _lastVersion = version;
        }
        catch (Exception problem)
        {
            if (problem is not (StorageException or InputException))
            {
                log.LogError(problem, "unexpected error while reading the store");
            }

            Latest = Latest with { Problem = problem };
        }
    }

    private void NotifyWatchers()
    {
        List<Action<FeedState<T>>> current;
        lock (_watchersLock)
        {
            current = _watchers;
        }

        foreach (var watcher in current)
        {
            try
            {
                watcher(Latest);
            }
            catch (Exception problem)
            {
                // The page of one watcher must not end the loop that serves all of them.
                log.LogError(problem, "a page could not show a change");
            }
        }
    }

    private void Unsubscribe(Action<FeedState<T>> watcher)
    {
        lock (_watchersLock)
        {
            _watchers = [.. _watchers.Where(other => other != watcher)];
            if (_watchers.Count == 0)
            {
                _loop?.Cancel();
                _loop?.Dispose();
                _loop = null;
            }
        }
    }

    private sealed class Subscription(Feed<T> feed, Action<FeedState<T>> watcher) : IDisposable
    {
        public void Dispose() => feed.Unsubscribe(watcher);
    }
}
