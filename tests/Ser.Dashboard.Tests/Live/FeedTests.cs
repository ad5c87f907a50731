using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Ser.Dashboard.Live;
using Ser.Domain;

namespace Ser.Dashboard.Tests.Live;

public sealed class FeedTests
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(20);
    private int _reads;
    private string _mark = "a";
    private Exception? _failing;

    [Fact]
    public async Task Twenty_watchers_cost_one_read_and_nothing_is_read_that_has_not_changed()
    {
        var feed = Feed();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => feed.ReadAsync()));
        using var received = new BlockingCollection<string>();
        var watches = Enumerable.Range(0, 20).Select(_ => feed.Watch(state => received.Add(state.Value!))).ToList();
        Assert.Equal(1, _reads);
        _mark = "b";
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("b", received.Take(TestContext.Current.CancellationToken));
        }

        Assert.Equal(2, _reads);
        watches.ForEach(watch => watch.Dispose());
        Assert.False(feed.IsWatched);
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_is_reported_and_the_data_already_read_stay()
    {
        var feed = Feed();
        await feed.ReadAsync();
        using var received = new BlockingCollection<FeedState<string>>();
        using var watch = feed.Watch(received.Add);
        _failing = new StorageException("the disk is full");
        var away = received.Take(TestContext.Current.CancellationToken);
        Assert.Equal(("a", "the disk is full"), (away.Value, away.Problem!.Message));
        _failing = null;
        var back = received.Take(TestContext.Current.CancellationToken);
        Assert.Equal(("a", null), (back.Value, back.Problem));
    }

    private Feed<string> Feed() => new(
        () => _failing is { } problem ? throw problem : _mark,
        _ =>
        {
            Interlocked.Increment(ref _reads);
            return _mark;
        },
        Often, TimeProvider.System, NullLogger.Instance);
}
