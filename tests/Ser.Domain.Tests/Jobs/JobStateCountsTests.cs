using Ser.Domain.Jobs;

namespace Ser.Domain.Tests.Jobs;

public sealed class JobStateCountsTests
{
    [Theory]
    [InlineData(JobState.Done, JobState.Done, SweepState.Done)]
    [InlineData(JobState.Done, JobState.Waiting, SweepState.Unfinished)]
    [InlineData(JobState.Running, JobState.Waiting, SweepState.Unfinished)]
    [InlineData(JobState.Failed, JobState.Waiting, SweepState.Failed)]
    [InlineData(JobState.Cancelled, JobState.Waiting, SweepState.Cancelled)]
    [InlineData(JobState.Cancelled, JobState.Done, SweepState.Cancelled)]
    public void The_state_of_a_sweep_follows_from_those_of_its_jobs(JobState parent, JobState dependant, SweepState expected)
    {
        var counts = JobStateCounts.From([Job("a", parent), Job("b", dependant, "a")]);
        Assert.Equal(2, counts.Total);
        Assert.Equal(expected, counts.DeriveState(withdrawn: false));
        Assert.Equal(expected == SweepState.Done ? SweepState.Done : SweepState.Cancelled, counts.DeriveState(withdrawn: true));
    }

    [Fact]
    public void Eliminated_arms_do_not_keep_a_sweep_from_being_done_and_undecided_ones_do()
    {
        var counts = new JobStateCounts { Done = 3, Eliminated = 1, Waiting = 2 };
        Assert.Equal(SweepState.Done, counts.DeriveState(withdrawn: false));
        Assert.Equal(SweepState.Cancelled, counts.DeriveState(withdrawn: true));
        Assert.Equal(SweepState.Cancelled, (counts with { Done = 0 }).DeriveState(withdrawn: false));
        Assert.Equal(SweepState.Cancelled, (counts with { Cancelled = 1 }).DeriveState(withdrawn: false));
        Assert.Equal(SweepState.Failed, (counts with { Failed = 1 }).DeriveState(withdrawn: false));
        Assert.Equal(SweepState.Unfinished, (counts with { Undecided = 1 }).DeriveState(withdrawn: false));
    }

    private static JobSnapshot Job(string id, JobState state, params string[] after) =>
        new() { Id = id, Stage = "S", Title = $"title {id}", State = state, After = after };
}
