using System.Text.Json.Nodes;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;
using Ser.Storage.Telemetry;

namespace Ser.Worker.Tests;

/// <summary>A worker computes the id of a job before it runs it.</summary>
public sealed class JobCheckTests
{
    private static readonly FineTuneStage Stage = new();

    [Fact]
    public void A_job_whose_id_is_that_of_its_specification_runs() => Assert.Null(JobCheck.FindProblem(Job(Spec())));

    [Fact]
    public void A_job_of_a_stage_that_is_not_of_the_pipeline_has_no_id_to_compare() =>
        Assert.Null(JobCheck.FindProblem(Job(Spec()) with { Stage = "Train", Spec = [] }));

    [Fact]
    public void A_specification_that_was_changed_or_planned_for_another_revision_does_not_run()
    {
        var changed = Spec();
        changed["maxSeconds"] = 3;
        Assert.Contains("belongs to job", JobCheck.FindProblem(Job(Spec()) with { Spec = changed }), StringComparison.Ordinal);
        string earlier = JobId.Compute(Stage.Name, Stage.Revision - 1, Spec(), []);
        var ofEarlierRevision = Job(Spec()) with { Lease = new Lease(earlier, 1, "w/1") };
        Assert.Contains($"in revision {Stage.Revision}", JobCheck.FindProblem(ofEarlierRevision), StringComparison.Ordinal);
    }

    [Fact]
    public void Hints_do_not_belong_to_the_id_but_must_be_valid()
    {
        var hinted = Spec();
        hinted[JobHints.Key] = new JobHints { StallAfter = 100 }.ToJson();
        Assert.Null(JobCheck.FindProblem(Job(Spec()) with { Spec = hinted }));
        hinted[JobHints.Key]!["stallAfter"] = 1e300;
        var invalid = Job(Spec()) with { Spec = hinted };
        Assert.Contains("is invalid", JobCheck.FindProblem(invalid), StringComparison.Ordinal);

        // A slot starts the span of an attempt before the check; an exception there would end the worker.
        using var span = Traces.StartAttempt(invalid);
    }

    [Theory]
    [InlineData("""{"threads":3,"precision":"float32","device":"cpu"}""", 3)]
    [InlineData("""{"threads":3,"precision":"float32","device":"cuda"}""", 1)]
    [InlineData("""{"threads":"many"}""", 0)]
    [InlineData("null", 0)]
    public void Cores_are_the_threads_on_a_CPU_and_one_on_a_GPU(string compute, int threads)
    {
        var spec = Spec();
        spec["compute"] = JsonNode.Parse(compute);
        Assert.Equal(threads, JobCheck.ThreadsOf(Job(spec)));
    }

    private static JsonObject Spec() => new() { ["maxSeconds"] = 7.5 };

    private static ClaimedJob Job(JsonObject spec)
    {
        string id = JobId.Compute(Stage.Name, Stage.Revision, spec, []);
        return new ClaimedJob(new Lease(id, 1, "w/1"), Stage.Name, "title", spec, []);
    }
}
