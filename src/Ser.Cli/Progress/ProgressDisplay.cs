using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Results.Status;
using Ser.Server;
using Ser.Stages.FineTune;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ser.Cli.Progress;

/// <summary>
/// Shows a running sweep on standard error until it is stopped: a table that is redrawn on a terminal, plain lines elsewhere.
/// </summary>
internal sealed class ProgressDisplay(Func<SweepSnapshot> read, TimeProvider clock)
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);
    private const int FrameLines = 6; // lines of the table that are not arms
    private readonly long _begun = clock.GetTimestamp();
    private double? _shareAtStart;

    internal Task RunAsync(CancellationToken stop) => Console.IsErrorRedirected ? PlainAsync(stop) : LiveAsync(stop);

    private async Task LiveAsync(CancellationToken stop)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            await RefreshAsync(sweep => live.UpdateTarget(Render(sweep, console.Profile.Height)), stop);
        });
    }

    // A line for each fine-tune that finishes and for each job that fails, and a summary now and then.
    private async Task PlainAsync(CancellationToken stop)
    {
        var printedJobs = new HashSet<string>();
        long lastLine = _begun;
        await RefreshAsync(Print, stop);

        void Print(SweepSnapshot sweep)
        {
            var progress = SweepProgress.FromSnapshot(sweep);
            foreach (var job in sweep.Jobs.Where(job => job.State is JobState.Done or JobState.Failed))
            {
                bool isNew = printedJobs.Add(job.Id) && _shareAtStart is not null;
                if (isNew && Line(job) is { } line)
                {
                    Output.WriteMessage($"{line}  [{Headline(progress)}]");
                    lastLine = clock.GetTimestamp();
                }
            }

            _shareAtStart ??= progress.Share;
            if (clock.GetElapsedTime(lastLine) >= PlainInterval)
            {
                lastLine = clock.GetTimestamp();
                var running = progress.Arms.SelectMany(arm => arm.Running.Select(job => $"{arm.Name}, {ProgressText.DescribeJob(job)}"));
                Output.WriteMessage($"{Headline(progress)}  {string.Join("; ", running)}");
            }
        }
    }

    private static string? Line(JobSnapshot job)
    {
        if (job.State == JobState.Failed)
        {
            return $"{job.Title}: {job.Stage} failed: {job.Error?.Split('\n')[0]}";
        }

        return job.Stage == Ser.Stages.FineTune.FineTuneStage.StageName ? $"{job.Title}: fine-tuned" : null;
    }

    private IRenderable Render(SweepSnapshot sweep, int height)
    {
        var progress = SweepProgress.FromSnapshot(sweep);
        _shareAtStart ??= progress.Share;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("arm", "folds", "running");
        var shown = ProgressText.SelectArms(progress.Arms, height - FrameLines);
        foreach (var arm in shown)
        {
            string failed = arm.Failed == 0 ? "" : $" [red]{arm.Failed} failed[/]";
            string running = string.Join('\n', arm.Running.Select(ProgressText.DescribeJob));
            table.AddRow(Markup.Escape(arm.Name), $"{arm.FoldsDone}/{arm.Folds}{failed}", Markup.Escape(running));
        }

        int hidden = progress.Arms.Count - shown.Count;
        string more = hidden == 0 ? "" : $"and {hidden} more {Plural.Noun(hidden, "arm")}; ";
        return new Rows(table, new Text(more + Headline(progress)));
    }

    private string Headline(SweepProgress progress)
    {
        var elapsed = clock.GetElapsedTime(_begun);
        var remaining = progress.EstimateRemaining(_shareAtStart ?? progress.Share, elapsed);
        return ProgressText.Headline(progress, elapsed, remaining);
    }

    private async Task RefreshAsync(Action<SweepSnapshot> show, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(RefreshInterval, clock);
        try
        {
            do
            {
                show(read());
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            show(read());
        }
    }
}
