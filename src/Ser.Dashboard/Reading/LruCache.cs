namespace Ser.Dashboard.Reading;

/// <summary>
/// A cache of values that take long to compute. Each key is computed once, one computation runs at a time, and the least recently
/// used values are dropped.
/// </summary>
/// <param name="capacity">Maximum number of entries.</param>
internal sealed class LruCache<T>(int capacity)
{
    private readonly Lock _entriesLock = new();
    private readonly SemaphoreSlim _computing = new(1);
    private readonly LinkedList<Entry> _entries = new();

    /// <summary>
    /// The cached value of a key, or a new one that is computed on the thread pool. A computation that failed is repeated the next
    /// time.
    /// </summary>
    public Task<T> GetOrAddAsync(string key, Func<T> compute)
    {
        lock (_entriesLock)
        {
            var entry = _entries.FirstOrDefault(entry => entry.Key == key);
            if (entry is not null)
            {
                _entries.Remove(entry);
            }

            if (entry is null || entry.Value.IsFaulted)
            {
                entry = new Entry(key, ComputeAsync(compute));
            }

            _entries.AddFirst(entry);
            if (_entries.Count > capacity)
            {
                _entries.RemoveLast();
            }

            return entry.Value;
        }
    }

    private async Task<T> ComputeAsync(Func<T> compute)
    {
        await _computing.WaitAsync();
        try
        {
            return await Task.Run(compute);
        }
        finally
        {
            _computing.Release();
        }
    }

    private sealed record Entry(string Key, Task<T> Value);
}
