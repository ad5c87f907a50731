using Ser.Dashboard.Pages.Jobs;
using Ser.Dashboard.Pages.Sweep;
using Ser.Dashboard.Pages.Sweeps;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Tests.Pages;

public sealed class TimesViewTests
{
    // Two trainings of a minute each are done and two are left, one of which is half way. One evaluation took ten seconds; three are left.
    private static readonly SweepTimes Times = new(
        150,
        [new StageTimes("FineTune", 2, 120, 2, 0.5, 1), new StageTimes("Evaluate", 1, 10, 3, 0, 0)]);

    [Fact]
    public void What_is_left_is_the_mean_of_what_is_done_times_what_is_to_come()
    {
        Assert.Equal(120, Times.RemainingSeconds);
        Assert.Equal("about 2:00 min left", TimesView.LeftText(Times, SweepState.Unfinished));
        Assert.Equal("ETA 2:00 min with 1 job in parallel", TimesView.EtaText(Times, SweepState.Unfinished));
        Assert.Equal("2:30 min", TimesView.UsedText(Times.UsedSeconds));
        Assert.Null(TimesView.LeftText(Times, SweepState.Failed));
    }

    [Fact]
    public void While_a_stage_has_no_result_nothing_is_known()
    {
        var begun = Times with { Stages = [.. Times.Stages, new StageTimes("BuildDatastore", 0, 0, 1, 0, 0)] };
        Assert.Equal(TimesView.UnknownText, TimesView.LeftText(begun, SweepState.Unfinished));
        Assert.Null(TimesView.EtaText(begun, SweepState.Unfinished));
        Assert.Equal("no jobs running", TimesView.EtaText(begun with { Stages = [begun.Stages[1]] }, SweepState.Unfinished));
    }

    [Fact]
    public void A_retry_shows_its_cost_including_the_jobs_that_wait_for_it()
    {
        JobSnapshot[] jobs = [Job("a", "FineTune", JobState.Failed, null),
            Job("b", "Evaluate", JobState.Waiting, "waiting for failed a"), Job("c", "FineTune", JobState.Done, null)];
        var action = PendingAction.Retry(new SweepSnapshot("s", "{}", SweepState.Failed, jobs), Times);
        Assert.Contains("Compute time: at most about 1:10 min", action.Explanation, StringComparison.Ordinal);
        Assert.Equal(["a"], action.Jobs.Select(job => job.Id));
        Assert.Contains("unknown until", PendingAction.Retry(new SweepSnapshot("s", "{}", SweepState.Failed, jobs), SweepTimes.None)
            .Explanation, StringComparison.Ordinal);
        var preview = BulkPreview.Create(BulkAction.Retry, [Line("a", "s", "FineTune", JobState.Failed),
            Line("b", "t", "Evaluate", JobState.Failed), Line("c", "t", "Evaluate", JobState.Done)]);
        Assert.Equal(70, preview.EstimateCost(_ => Times));
        Assert.Null(preview.EstimateCost(sweep => sweep == "s" ? Times : SweepTimes.None));
    }

    private static JobSnapshot Job(string id, string stage, JobState state, string? waits) =>
        new() { Id = id, Stage = stage, Title = id, State = state, WaitsFor = waits };

    private static JobLine Line(string id, string sweep, string stage, JobState state) =>
        new(id, sweep, "arm", 1, stage, state, 1, 0, null, null, 0, 0, null, null, null);
}
