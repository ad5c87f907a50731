using Ser.Client;
using Ser.Dashboard.Pages.Jobs;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Tests.Pages;

public sealed class JobsViewTests
{
    [Fact]
    public void What_an_address_cannot_mean_is_left_out()
    {
        Assert.Equal(new JobQuery("nan", JobState.Failed, "FineTune", null, null), JobsView.Query(" nan ", "failed", "FineTune", "", null));
        Assert.Null(JobsView.Query(null, "17", null, null, null).State);
        Assert.Null(JobsView.Query(null, "nonsense", null, null, null).State);
    }

    [Fact]
    public void A_preview_touches_what_the_transition_expects_and_each_job_once()
    {
        JobLine[] lines =
        [
            Line("a", JobState.Failed),
            Line("a", JobState.Failed, "other sweep"),
            Line("b", JobState.Done),
            Line("c", JobState.Cancelled),
        ];
        var preview = BulkPreview.Create(BulkAction.Retry, lines);
        Assert.Equal(["a", "c"], preview.Ids);
        Assert.Equal(["b"], preview.Unaffected.Select(line => line.Id));
        Assert.Equal(["b"], BulkPreview.Create(BulkAction.Cancel, [Line("a", JobState.Failed), Line("b", JobState.Running)]).Ids);
    }

    [Fact]
    public void The_outcome_is_reported()
    {
        Assert.Equal("Retried 2 of 2 jobs.",
            JobsView.DescribeOutcome(BulkAction.Retry, new JobsResponse([new("a", true, null), new("b", true, null)])));
        Assert.Equal("Cancelled 1 of 3 jobs. Unchanged: it is done (2).", JobsView.DescribeOutcome(BulkAction.Cancel,
            new JobsResponse([new("a", true, null), new("b", false, "it is done"), new("c", false, "it is done")])));
    }

    private static JobLine Line(string id, JobState state, string sweep = "one") =>
        new(id, sweep, "arm", 1, "FineTune", state, 1, 0, null, null, 0, 0, null, null, null);
}
