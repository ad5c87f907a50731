using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The stages of the paper fold by fold, with the jobs that the numbers come from.</summary>
public static class FoldsTable
{
    /// <summary>A line for each stage and fold; a mean over seeds has no job of its own.</summary>
    public static Table Of(PaperStages stages) => new(
        "Folds",
        ["stage", "fold", "test speakers", "n", "WA", "UA", "k", "α", "job"],
        [.. from stage in stages.Stages
            where stage.Row is not null
            from fold in stage.Row!.Folds
            select (IReadOnlyList<Cell>)
            [
                new(stage.Name), Cell.Number(fold.Fold), new(string.Join(", ", fold.TestSpeakers)), Cell.Number(fold.N), Cell.Percent(fold.Wa), Cell.Percent(fold.Ua),
                Cell.Number(fold.K), Cell.Number(fold.Alpha), fold.JobId is { } job ? new(job) : Cell.None,
            ]],
        ["job: the Evaluate job behind the numbers; `ser status` and `ser retry` take the beginning of an id. A mean over seeds has several, named in the JSON of its seeds' rows."]);
}
