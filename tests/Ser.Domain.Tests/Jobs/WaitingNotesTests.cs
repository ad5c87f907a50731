using Ser.Domain.Jobs;

namespace Ser.Domain.Tests.Jobs;

public sealed class WaitingNotesTests
{
    [Fact]
    public void Only_a_job_that_waits_for_a_failed_ancestor_names_it()
    {
        var noted = WaitingNotes.Annotate(
        [
            Job("a", JobState.Failed), Job("b", JobState.Waiting, "a"), Job("c", JobState.Waiting, "b"),
            Job("d", JobState.Running), Job("e", JobState.Waiting, "d"), Job("f", JobState.Waiting, "elsewhere"),
        ]);

        const string note = "waiting for failed title a";
        Assert.Equal([null, note, note, null, null, null], noted.Select(job => job.WaitsFor));
    }

    [Theory]
    [InlineData(JobState.Done, JobState.Done, SweepState.Done)]
    [InlineData(JobState.Done, JobState.Waiting, SweepState.Unfinished)]
    [InlineData(JobState.Running, JobState.Waiting, SweepState.Unfinished)]
    [InlineData(JobState.Failed, JobState.Waiting, SweepState.Failed)]
    [InlineData(JobState.Cancelled, JobState.Waiting, SweepState.Cancelled)]
    [InlineData(JobState.Cancelled, JobState.Done, SweepState.Cancelled)]
    public void The_state_of_a_sweep_follows_from_those_of_its_jobs(JobState parent, JobState dependant, SweepState expected)
    {
        var jobs = WaitingNotes.Annotate([Job("a", parent), Job("b", dependant, "a")]);
        Assert.Equal(expected, SweepSnapshot.DeriveState(jobs, withdrawn: false));
        Assert.Equal(expected == SweepState.Done ? SweepState.Done : SweepState.Cancelled, SweepSnapshot.DeriveState(jobs, withdrawn: true));
    }

    private static JobSnapshot Job(string id, JobState state, params string[] after) =>
        new() { Id = id, Stage = "S", Title = $"title {id}", State = state, After = after };
}
