namespace Ser.Dashboard.Live;

/// <summary>The latest value of a feed, and the problem that prevents a newer one from being read.</summary>
/// <param name="Value">The value; null if none has been read yet.</param>
/// <param name="ReadAt">When the value was last read or found unchanged; null if never.</param>
/// <param name="Problem">Why the last attempt to read failed; null if it succeeded.</param>
internal sealed record FeedState<T>(T? Value, DateTimeOffset? ReadAt, Exception? Problem)
    where T : class;
