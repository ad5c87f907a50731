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

    private static JobSnapshot Job(string id, JobState state, params string[] after) =>
        new() { Id = id, Stage = "S", Title = $"title {id}", State = state, After = after };
}
