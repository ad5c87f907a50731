using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Planning;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Runners;
using Ser.Scheduler;
using Ser.Server;
using Ser.Server.Hosts;
using Ser.Stages;
using Ser.Stages.FineTune;
using Ser.Storage.Data;

namespace Ser.Cli.Sweeps;

/// <summary>A sweep that was run in this process, and its tables.</summary>
internal sealed record FinishedRun(SweepSnapshot Sweep, SweepResults Results);

/// <summary>Runs a sweep in this process and computes its tables.</summary>
internal static class SweepRun
{
    /// <summary>Plans, submits and runs an experiment. Wrong input changes nothing.</summary>
    internal static async Task<FinishedRun> RunExperimentAsync(
        Experiment experiment,
        string folder,
        int? slots,
        string command,
        Interrupts interrupts)
    {
        new ImportedSweeps(folder).RejectIfImported(experiment.Name, "run");
        Output.WriteMessage($"reading corpus {experiment.Corpus}");
        var prepared = PreparedExperiment.Prepare(experiment, folder, Machine.Capabilities);
        foreach (string warning in prepared.Warnings.Concat(UntrainedEncoderWarnings(experiment)))
        {
            Output.WriteMessage($"warning: {warning}");
        }

        Output.WriteMessage($"{(prepared.Noise.PaperGainInside ? "warning" : "note")}: {prepared.Noise.Text}");
        using var data = DataFolder.OpenAsRunner(folder, command);
        var plan = prepared.Context;
        return await RunAsync(data, plan.Experiment.Name, plan.Threads, slots, prepared, interrupts);
    }

    /// <summary>Runs only the jobs of a submitted sweep that failed, were cancelled or were interrupted.</summary>
    internal static async Task<FinishedRun> ResumeAsync(
        string folder,
        string sweep,
        int? slots,
        string command,
        bool parked,
        Interrupts interrupts)
    {
        new ImportedSweeps(folder).RejectIfImported(sweep, "resumed");
        SweepDefinition definition;
        using (var reader = DataFolder.OpenForReading(folder))
        {
            definition = SweepDefinition.Parse(reader.Reads.Sweep(sweep).Definition);
        }

        using var data = DataFolder.OpenAsRunner(folder, command);
        data.Jobs.Sweeps.ResumeSweep(sweep);
        if (parked)
        {
            ParkedJobs.PromoteAll(data.Jobs.Parked, data.Reads.Sweep(sweep));
        }

        return await RunAsync(data, sweep, definition.Threads, slots, null, interrupts);
    }

    // Weights that are drawn at random are meant only for the tiny encoder of the demo.
    private static IEnumerable<string> UntrainedEncoderWarnings(Experiment experiment)
    {
        var encoders = experiment.Arms().Select(experiment.EncoderOf);
        var untrained = encoders.Where(encoder => encoder is { Weights: null, IsBaseline: false, Preset: not "tiny" });
        foreach (string preset in untrained.Select(encoder => encoder.Preset).Distinct())
        {
            yield return $"the {preset} encoder starts from random weights, not pre-trained ones: "
                + "give encoder.weights for the paper's method";
        }
    }

    private static async Task<FinishedRun> RunAsync(
        DataFolder data,
        string sweep,
        int threads,
        int? slots,
        PreparedExperiment? prepared,
        Interrupts interrupts)
    {
        int parallel = slots ?? Math.Max(1, Environment.ProcessorCount / threads);
        HashSet<string> doneBefore = [];
        try
        {
            var end = await EmbeddedHost.RunAsync(data, parallel, sweep, Submit, interrupts);
            int done = end.Jobs.Count(job => job.State == JobState.Done && !doneBefore.Contains(job.Id));
            var counts = new JobCounts(end.Jobs.Count, doneBefore.Count, done, end.Count(JobState.Failed));
            return new FinishedRun(end, StoredResults.Compute(data.Reads, data.Artifacts, sweep, counts));
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            Output.WriteMessage($"interrupted; resume it with: ser resume {sweep} --data {data.Folder}");
            throw;
        }

        void Submit(Scheduler.Submission submission)
        {
            if (prepared is not null)
            {
                SubmitPlan(data, sweep, submission, prepared);
            }

            var jobs = data.Reads.Sweep(sweep).Jobs;
            doneBefore = [.. jobs.Where(job => job.State == JobState.Done).Select(job => job.Id)];
            int training = jobs.Count(job => job.Stage == FineTuneStage.StageName && job.State != JobState.Done);
            string work = doneBefore.Count == jobs.Count
                ? "all already done: no training, nothing to run"
                : $"{doneBefore.Count} already done, {Plural.Count(training, "model")} to train";
            string resources = $"{parallel} in parallel, {Plural.Count(threads, "thread")} each";
            Output.WriteMessage($"{sweep}: {Plural.Count(jobs.Count, "job")}, {work}; {resources}");
        }
    }

    private static void SubmitPlan(DataFolder data, string sweep, Scheduler.Submission submission, PreparedExperiment prepared)
    {
        string? earlier = data.Reads.Sweeps().FirstOrDefault(known => known.Name == sweep)?.Definition;
        submission.Submit(prepared.Context, prepared.Folds);
        if (earlier is not null && earlier != data.Reads.Sweep(sweep).Definition)
        {
            Output.WriteMessage($"note: {sweep} was another experiment in this data folder and is replaced by this one. "
                + "Its results are kept: the earlier experiment, run under another name, reuses them");
        }
    }
}
