using Ser.Domain.Jobs;
using Ser.Results.Status;
using Ser.Stages.FineTune;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ser.Cli.Progress;

/// <summary>Shows a running sweep on standard error until it is stopped: a table that lives on a terminal, plain lines elsewhere.</summary>
internal sealed class ProgressDisplay(Func<SweepSnapshot> read, TimeProvider clock)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(15);
    private const int Frame = 6; // lines around the arms
    private readonly long begun = clock.GetTimestamp();
    private double? shareAtStart;

    internal Task RunAsync(CancellationToken stop) => Console.IsErrorRedirected ? PlainAsync(stop) : LiveAsync(stop);

    private async Task LiveAsync(CancellationToken stop)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
        {
            await Each(Refresh, stop, sweep => live.UpdateTarget(Picture(sweep, console.Profile.Height)));
        });
    }

    private async Task PlainAsync(CancellationToken stop)
    {
        var said = new HashSet<string>();
        long last = begun;
        await Each(Refresh, stop, sweep =>
        {
            var progress = SweepProgress.Of(sweep);
            foreach (var job in sweep.Jobs.Where(job => job.State is JobState.Done or JobState.Failed))
            {
                if (said.Add(job.Id) && shareAtStart is not null && Line(job) is { } line)
                {
                    Output.Say($"{line}  [{ProgressText.Headline(progress, clock.GetElapsedTime(begun), Left(progress))}]");
                    last = clock.GetTimestamp();
                }
            }

            shareAtStart ??= progress.Share;
            if (clock.GetElapsedTime(last) >= PlainEvery)
            {
                last = clock.GetTimestamp();
                string running = string.Join("; ", progress.Arms.SelectMany(arm => arm.Running.Select(job => $"{arm.Name}, {ProgressText.Running(job)}")));
                Output.Say($"{ProgressText.Headline(progress, clock.GetElapsedTime(begun), Left(progress))}  {running}");
            }
        });
    }

    private static string? Line(JobSnapshot job) => job.State == JobState.Failed
        ? $"{job.Title}: {job.Stage} failed: {job.Error?.Split('\n')[0]}"
        : job.Stage == Ser.Stages.FineTune.FineTuneStage.StageName ? $"{job.Title}: fine-tuned" : null;

    private IRenderable Picture(SweepSnapshot sweep, int height)
    {
        var progress = SweepProgress.Of(sweep);
        shareAtStart ??= progress.Share;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("arm", "folds", "running");
        var shown = ProgressText.Shown(progress.Arms, height - Frame);
        foreach (var arm in shown)
        {
            string failed = arm.Failed == 0 ? "" : $" [red]{arm.Failed} failed[/]";
            table.AddRow(Markup.Escape(arm.Name), $"{arm.FoldsDone}/{arm.Folds}{failed}", Markup.Escape(string.Join('\n', arm.Running.Select(ProgressText.Running))));
        }

        string more = shown.Count == progress.Arms.Count ? "" : $"and {progress.Arms.Count - shown.Count} arms more; ";
        return new Rows(table, new Text(more + ProgressText.Headline(progress, clock.GetElapsedTime(begun), Left(progress))));
    }

    private TimeSpan? Left(SweepProgress progress) => progress.Left(shareAtStart ?? progress.Share, clock.GetElapsedTime(begun));

    private async Task Each(TimeSpan every, CancellationToken stop, Action<SweepSnapshot> show)
    {
        using var timer = new PeriodicTimer(every, clock);
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
