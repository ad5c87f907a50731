using Microsoft.Extensions.Time.Testing;

namespace Ser.Worker.Tests;

public sealed class StallWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(600);
    private static readonly TimeSpan Instant = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _clock = new();
    private readonly StallWatch _watch;

    public StallWatchTests() => _watch = new StallWatch(Limit, _clock);

    [Fact]
    public void An_attempt_without_steps_has_stalled_at_the_limit()
    {
        _clock.Advance(Limit - Instant);
        Assert.False(_watch.HasStalled());
        _clock.Advance(Instant);
        Assert.True(_watch.HasStalled());
        Assert.Equal("no step for 600 s (farm.stallAfter)", _watch.Reason);
    }

    [Fact]
    public void A_new_step_restarts_the_time_and_a_repeated_one_does_not()
    {
        _watch.ReportStep(1);
        _clock.Advance(Limit - Instant);
        _watch.ReportStep(2);
        _clock.Advance(Limit - Instant);
        Assert.False(_watch.HasStalled());
        _watch.ReportStep(2);
        _clock.Advance(Instant);
        Assert.True(_watch.HasStalled());
    }

    [Fact]
    public void A_transfer_may_take_any_time_and_the_time_restarts_after_it()
    {
        bool stalledMeanwhile = _watch.RunSuspended(() =>
        {
            _clock.Advance(10 * Limit);
            return _watch.HasStalled();
        });
        Assert.False(stalledMeanwhile);
        Assert.False(_watch.HasStalled());
        _clock.Advance(Limit);
        Assert.True(_watch.HasStalled());
    }
}
