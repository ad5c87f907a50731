using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Planning;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Scheduler;
using Ser.Stages;
using Ser.Stages.FineTune;
using Ser.Storage.Data;

namespace Ser.Cli.Sweeps;

/// <summary>Runs a sweep in this process and computes its tables.</summary>
internal static class SweepRun
{
    /// <summary>Plans, submits and runs an experiment. Wrong input changes nothing.</summary>
    internal static async Task<(SweepSnapshot Sweep, SweepResults Results)> ExperimentAsync(Experiment experiment, string folder, int? slots, string command, CancellationToken interrupt)
    {
        new Imports(folder).Refuse(experiment.Name, "run");
        Output.Say($"reading corpus {experiment.Corpus}");
        var prepared = Preparation.Of(experiment, folder);
        foreach (string warning in prepared.Warnings)
        {
            Output.Say($"warning: {warning}");
        }

        foreach (string preset in experiment.Arms().Select(experiment.EncoderOf)
            .Where(encoder => encoder is { Weights: null, IsBaseline: false, Preset: not "tiny" }).Select(encoder => encoder.Preset).Distinct())
        {
            Output.Say($"warning: the {preset} encoder is drawn from its seed, not pre-trained: give encoder.weights for the paper's method");
        }

        Output.Say($"{(prepared.Noise.PaperGainInside ? "warning" : "note")}: {prepared.Noise.Text}");
        using var data = DataFolder.OpenAsRunner(folder, command);
        return await RunAsync(data, prepared.Context.Experiment.Name, prepared.Context.Threads, slots, prepared.Folds, prepared.Context, interrupt);
    }

    /// <summary>Goes on with a sweep of the folder: what failed, was cancelled or cut off, and only that.</summary>
    internal static async Task<(SweepSnapshot Sweep, SweepResults Results)> ResumeAsync(string folder, string sweep, int? slots, string command, bool parked, CancellationToken interrupt)
    {
        new Imports(folder).Refuse(sweep, "resumed");
        SweepDefinition definition;
        using (var reader = DataFolder.OpenForReading(folder))
        {
            definition = SweepDefinition.Parse(reader.Reads.Sweep(sweep).Definition);
        }

        using var data = DataFolder.OpenAsRunner(folder, command);
        data.Jobs.ResumeSweep(sweep);
        if (parked)
        {
            ParkedJobs.GoOn(data.Jobs, data.Reads.Sweep(sweep));
        }

        return await RunAsync(data, sweep, definition.Threads, slots, null, null, interrupt);
    }

    private static async Task<(SweepSnapshot Sweep, SweepResults Results)> RunAsync(
        DataFolder data, string sweep, int threads, int? slots, IReadOnlyList<FoldJobs>? folds, PlanContext? plan, CancellationToken interrupt)
    {
        int parallel = slots ?? Math.Max(1, Environment.ProcessorCount / threads);
        HashSet<string> before = [];
        try
        {
            var end = await EmbeddedHost.RunAsync(data, parallel, sweep, Submit, interrupt);
            int done = end.Jobs.Count(job => job.State == JobState.Done && !before.Contains(job.Id));
            return (end, StoredResults.Of(data.Reads, data.Artifacts, sweep, new JobCounts(end.Jobs.Count, before.Count, done, end.Count(JobState.Failed))));
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            Output.Say($"interrupted; go on with: ser resume {sweep} --data {data.Folder}");
            throw;
        }

        void Submit(Scheduler.Submission submission)
        {
            if (plan is not null)
            {
                string? earlier = data.Reads.Sweeps().FirstOrDefault(known => known.Name == sweep)?.Definition;
                submission.Submit(plan, folds!);
                if (earlier is not null && earlier != data.Reads.Sweep(sweep).Definition)
                {
                    Output.Say($"note: {sweep} was another experiment in this data folder; it is this one now. Results stay: the earlier experiment, run under another name, finds them");
                }
            }

            var jobs = data.Reads.Sweep(sweep).Jobs;
            before = [.. jobs.Where(job => job.State == JobState.Done).Select(job => job.Id)];
            int training = jobs.Count(job => job.Stage == FineTuneStage.StageName && job.State != JobState.Done);
            string news = before.Count == jobs.Count ? "all of them done already: no training, nothing to run" : $"{before.Count} done already, {training} models to train";
            Output.Say($"{sweep}: {jobs.Count} jobs, {news}; {parallel} at a time, {threads} thread{(threads == 1 ? "" : "s")} each");
        }
    }
}
