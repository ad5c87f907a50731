using Microsoft.Extensions.Time.Testing;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests;

/// <summary>For how long offers and free slots are remembered.</summary>
public sealed class FreeSlotsTimingTests : IDisposable
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly SchedulerTimings _timings = new();
    private readonly DataFolder _data;
    private readonly FreeSlots _free;

    public FreeSlotsTimingTests()
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _free = new FreeSlots(_data.Reads, _timings, _clock);
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void An_offered_job_is_offered_again_only_after_the_lifetime_of_its_offer()
    {
        _data.Jobs.Sweeps.Submit(OneJob.Sweep("sweep", "A"));
        Add("w/1");
        Assert.Single(_free.Match());
        Add("w/2");
        Assert.Empty(_free.Match());
        _clock.Advance(_timings.OfferLifetime);
        Assert.Empty(_free.Match());
        _clock.Advance(Instant);
        Assert.Single(_free.Match());
    }

    [Fact]
    public void A_slot_without_a_job_is_remembered_for_the_lifetime_of_a_free_slot()
    {
        Add("w/1");
        Assert.Empty(_free.Match());
        _clock.Advance(_timings.FreeSlotLifetime);
        _data.Jobs.Sweeps.Submit(OneJob.Sweep("sweep", "A"));
        Assert.Single(_free.Match());
    }

    [Fact]
    public void A_slot_that_does_not_ask_again_is_forgotten()
    {
        Add("w/1");
        _clock.Advance(_timings.FreeSlotLifetime + Instant);
        _data.Jobs.Sweeps.Submit(OneJob.Sweep("sweep", "A"));
        Assert.Empty(_free.Match());
    }

    [Fact]
    public void A_job_that_was_read_ahead_serves_the_next_slot_until_the_list_is_too_old()
    {
        _data.Jobs.Sweeps.Submit(OneJob.Sweep("sweep", "A", "B"));
        Add("w/1");
        string first = Assert.Single(_free.Match());
        string second = _data.Reads.ClaimableJobs(2).Single(id => id != first);
        _data.Jobs.Sweeps.CancelSweep("sweep");
        Add("w/2");
        Assert.Equal([second], _free.Match()); // from the list, although the job was cancelled: an offer reserves nothing
        _clock.Advance(_timings.OfferLifetime + Instant);
        Add("w/3");
        Assert.Empty(_free.Match());
    }

    private void Add(string slot) => _free.Add(new ClaimRequest(slot, [OneJob.Stage]), 1);
}
