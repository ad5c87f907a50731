using Microsoft.Extensions.Time.Testing;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests;

/// <summary>Which jobs are offered to which slots.</summary>
public sealed class FreeSlotsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;
    private readonly FreeSlots _free;

    public FreeSlotsTests()
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _free = new FreeSlots(_data.Reads, new SchedulerTimings(), new FakeTimeProvider());
    }

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_released_is_offered_to_a_slot_that_waits_and_to_one_alone()
    {
        _data.Jobs.Sweeps.Submit(Plans.Sweep("one", "A"));
        var job = _data.Jobs.Leases.Claim(new ClaimRequest("w/1", Plans.Stages))!;
        _free.Add(new ClaimRequest("w/2", Plans.Stages), 1);
        _free.Add(new ClaimRequest("w/3", Plans.Stages), 1);
        Assert.Empty(_free.Match());

        _data.Jobs.Leases.Complete(job.Lease, "digest");
        Assert.True(_data.Jobs.Acceptance.Accept(_data.Jobs.Acceptance.CompletedResults().Single()));
        Assert.Equal([_data.Reads.ClaimableJobs(5).Single()], _free.Match());
        Assert.Empty(_free.Match());
    }

    [Fact]
    public void Slots_are_offered_what_their_kind_may_take()
    {
        _data.Jobs.Sweeps.Submit(Plans.Sweep("gpu", "A").With(new JobHints { Needs = new JobNeeds("cuda", 24, []) }));
        _free.Add(new ClaimRequest("small/1", Plans.Stages) { Capabilities = new WorkerCapabilities("cpu", 64, []) }, 8);
        Assert.Empty(_free.Match());
        _free.Add(new ClaimRequest("large/1", Plans.Stages) { Capabilities = new WorkerCapabilities("cuda", 80, []) }, 8);
        Assert.Equal([Plans.Id("Train", "A")], _free.Match());
    }

    [Fact]
    public void Messages_that_name_an_impossible_number_of_slots_do_not_overflow()
    {
        _data.Jobs.Sweeps.Submit(Plans.Sweep("one", "A"));
        _free.Add(new ClaimRequest("w/1", Plans.Stages), int.MaxValue);
        _free.Add(new ClaimRequest("w/2", Plans.Stages), int.MaxValue);
        _free.Add(new ClaimRequest("w/3", Plans.Stages), int.MinValue);
        Assert.Single(_free.Match());
    }
}
