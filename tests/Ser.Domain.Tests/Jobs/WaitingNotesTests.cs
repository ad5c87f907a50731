using Ser.Domain.Jobs;

namespace Ser.Domain.Tests.Jobs;

public sealed class WaitingNotesTests
{
    [Fact]
    public void A_waiting_job_names_the_failed_ancestor_and_others_say_nothing()
    {
        var noted = WaitingNotes.Add(
        [
            Job("a", JobState.Failed), Job("b", JobState.Waiting, "a"), Job("c", JobState.Waiting, "b"),
            Job("d", JobState.Running), Job("e", JobState.Waiting, "d"), Job("f", JobState.Waiting, "elsewhere"),
        ]);

        Assert.Equal([null, "waiting for failed title a", "waiting for failed title a", null, null, null], noted.Select(job => job.WaitsFor));
    }

    [Theory]
    [InlineData(JobState.Done, JobState.Done, SweepState.Done)]
    [InlineData(JobState.Done, JobState.Waiting, SweepState.Unfinished)]
    [InlineData(JobState.Running, JobState.Waiting, SweepState.Unfinished)]
    [InlineData(JobState.Failed, JobState.Waiting, SweepState.Failed)]
    [InlineData(JobState.Cancelled, JobState.Waiting, SweepState.Cancelled)]
    [InlineData(JobState.Cancelled, JobState.Done, SweepState.Cancelled)]
    public void A_sweep_is_where_its_jobs_are(JobState parent, JobState dependant, SweepState expected)
    {
        var jobs = WaitingNotes.Add([Job("a", parent), Job("b", dependant, "a")]);
        Assert.Equal(expected, SweepSnapshot.StateOf(jobs, wanted: true));
        Assert.Equal(expected == SweepState.Done ? SweepState.Done : SweepState.Cancelled, SweepSnapshot.StateOf(jobs, wanted: false));
    }

    private static JobSnapshot Job(string id, JobState state, params string[] after) => new() { Id = id, Stage = "S", Title = $"title {id}", State = state, After = after };
}
