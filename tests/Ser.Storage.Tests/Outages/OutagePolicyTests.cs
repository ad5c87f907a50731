using Microsoft.Extensions.Time.Testing;
using Ser.Domain;
using Ser.Storage.Outages;

namespace Ser.Storage.Tests.Outages;

public sealed class OutagePolicyTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _reports = [];

    [Fact]
    public async Task A_round_that_fails_is_reported_and_waited_out()
    {
        var policy = new RetryUntilAvailable(Delay, _clock);
        var round = policy.RunRoundAsync(Fail, (error, delay) => _reports.Add($"{error.Message} {delay}"), CancellationToken.None);
        Assert.False(round.IsCompleted);
        Assert.Equal(["down 00:00:02"], _reports);
        _clock.Advance(Delay);
        await round;
    }

    [Fact]
    public async Task A_round_that_fails_unexpectedly_is_waited_out_on_a_farm_and_ends_the_process_on_a_data_folder()
    {
        static Task FailUnexpectedly() => Task.FromException(new OverflowException("unexpected"));
        void ReportRound(Exception error, TimeSpan delay) => _reports.Add(error.Message);
        await new RetryUntilAvailable(TimeSpan.Zero, _clock).RunRoundAsync(FailUnexpectedly, ReportRound, CancellationToken.None);
        Assert.Equal(["unexpected"], _reports);
        var ending = new EndProcess().RunRoundAsync(FailUnexpectedly, ReportRound, CancellationToken.None);
        await Assert.ThrowsAsync<OverflowException>(() => ending);
    }

    [Fact]
    public async Task A_stop_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        var policy = new RetryUntilAvailable(Delay, _clock);
        var round = policy.RunRoundAsync(Fail, (_, _) => { }, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => round);
        Assert.Throws<StorageException>(() => policy.RunToSuccess<int>(FailNow, Report, stop.Token));
        Assert.Empty(_reports);
    }

    [Fact]
    public void Work_that_must_not_be_lost_is_repeated()
    {
        int tries = 0;
        var policy = new RetryUntilAvailable(TimeSpan.Zero, _clock);
        Assert.Equal(3, policy.RunToSuccess(() => ++tries < 3 ? FailNow() : tries, Report, CancellationToken.None));
        Assert.Equal(["down", "down"], _reports);
    }

    [Fact]
    public void Optional_work_is_left_out_and_reported()
    {
        var policy = new RetryUntilAvailable(Delay, _clock);
        policy.RunOptional(() => FailNow(), Report);
        Assert.Equal(["down"], _reports);
        Assert.Throws<InvalidOperationException>(() => policy.RunOptional(() => throw new InvalidOperationException(), Report));
    }

    [Fact]
    public async Task A_process_that_ends_repeats_and_leaves_out_nothing()
    {
        var policy = new EndProcess();
        void ReportRound(Exception error, TimeSpan delay) => _reports.Add(error.Message);
        await Assert.ThrowsAsync<StorageException>(() => policy.RunRoundAsync(Fail, ReportRound, CancellationToken.None));
        Assert.Throws<StorageException>(() => policy.RunToSuccess<int>(FailNow, Report, CancellationToken.None));
        Assert.Throws<StorageException>(() => policy.RunOptional(() => FailNow(), Report));
        Assert.Empty(_reports);
    }

    [Fact]
    public void An_attempt_is_released_by_a_process_that_ends_and_snoozed_by_one_that_goes_on()
    {
        new EndProcess().EndAttempt(() => _reports.Add("released"), () => _reports.Add("snoozed"));
        new RetryUntilAvailable(Delay, _clock).EndAttempt(() => _reports.Add("released"), () => _reports.Add("snoozed"));
        Assert.Equal(["released", "snoozed"], _reports);
    }

    private static Task Fail() => Task.FromException(new StorageException("down"));

    private static int FailNow() => throw new StorageException("down");

    private void Report(StorageException error) => _reports.Add(error.Message);
}
