using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The table of the paper's stages fold by fold, with the jobs that the numbers come from.</summary>
public static class FoldsTable
{
    /// <summary>The table, with a row for each stage and fold. A mean over seeds has no job of its own.</summary>
    public static Table Create(PaperStages stages) => new(
        "Folds",
        ["stage", "fold", "test speakers", "n", "WA", "UA", "k", "α", "job"],
        [.. from stage in stages.Stages
            where stage.Row is not null
            from fold in stage.Row!.Folds
            select Cells(stage, fold)],
        [
            "job: the Evaluate job behind the numbers; `ser status` and `ser retry` accept the beginning of an id. "
            + "A mean over seeds has several jobs, which are in the JSON of the rows of its seeds.",
        ]);

    private static IReadOnlyList<Cell> Cells(PaperStage stage, FoldRow fold) =>
    [
        new(stage.Name), Cell.Number(fold.Fold), new(string.Join(", ", fold.TestSpeakers)), Cell.Number(fold.N),
        Cell.Percent(fold.Wa), Cell.Percent(fold.Ua), Cell.Number(fold.K), Cell.Number(fold.Alpha),
        fold.JobId is { } job ? new(job) : Cell.None,
    ];
}
