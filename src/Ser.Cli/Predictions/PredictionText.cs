using System.Globalization;
using Ser.Domain.Selection;
using Ser.Reporting;
using Ser.Runners.Predict;

namespace Ser.Cli.Predictions;

/// <summary>An aligned table, row after row.</summary>
/// <param name="output">Where to.</param>
/// <param name="files">Everything that was asked for: the widest name decides the first column.</param>
internal sealed class PredictionTable(TextWriter output, IReadOnlyList<string> files) : IPredictionWriter
{
    private readonly int nameWidth = Math.Max(4, files.Max(file => file.Length));
    private PredictionHeader header = null!;

    public void Begin(PredictionHeader header)
    {
        this.header = header;
        output.WriteLine(string.Join(Environment.NewLine, header.Lines()));
        output.WriteLine();
        Row(["file", "class", .. header.Classes.Select(name => name + " %"), "model", "knn", $"nearest{(header.IsEnsemble ? " of each fold" : "")}"]);
    }

    public void Add(Prediction prediction)
    {
        if (prediction.Answer is not { } answer)
        {
            Row([prediction.File, "–", .. header.Classes.Select(_ => "–"), "–", "–", $"skipped: {prediction.Problem!.What}"]);
            return;
        }

        string Winner(double[] p) => header.Classes[Interpolation.Winner(p)];
        Row([
            prediction.File, Winner(answer.Both), .. answer.Both.Select(p => (100 * p).ToString("0.0", CultureInfo.InvariantCulture)), Winner(answer.Model), Winner(answer.Neighbours), Nearest(prediction),
        ]);
    }

    public void End(PredictionCounts counts) => output.Flush();

    private string Nearest(Prediction prediction) => header.IsEnsemble
        ? string.Join(", ", prediction.Folds.SelectMany(fold => fold.Nearest.Take(1)).GroupBy(near => (near.Utterance, near.Class)).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Key.Utterance} ({header.Classes[group.Key.Class]}){(group.Count() > 1 ? $" ×{group.Count()}" : "")}"))
        : string.Join(", ", prediction.Folds[0].Nearest.Select(near => string.Create(CultureInfo.InvariantCulture, $"{near.Utterance} ({header.Classes[near.Class]}, {near.Distance:0.###})")));

    private void Row(IReadOnlyList<string> cells)
    {
        int widest = Math.Max(5, header.Classes.Max(name => name.Length));
        output.WriteLine(string.Join("  ", cells.Select((cell, c) =>
            c == 0 ? cell.PadRight(nameWidth)
            : c > 1 && c < header.Classes.Count + 2 ? cell.PadLeft(Math.Max(5, header.Classes[c - 2].Length + 2))
            : c == cells.Count - 1 ? cell
            : cell.PadRight(widest))).TrimEnd());
    }
}

/// <summary>Comma-separated values: a line for each recording, numbers in full.</summary>
internal sealed class PredictionCsv(TextWriter output) : IPredictionWriter
{
    private PredictionHeader header = null!;

    public void Begin(PredictionHeader header)
    {
        this.header = header;
        string[] columns =
        [
            "file", "utterance", "class", .. header.Classes.Select(name => "p " + name), "model", .. header.Classes.Select(name => "model " + name),
            "knn", .. header.Classes.Select(name => "knn " + name), "nearest", "problem",
        ];
        output.Write(ResultsCsv.Line([.. columns.Select(column => new Cell(column))]));
    }

    public void Add(Prediction prediction) => output.Write(ResultsCsv.Line(
    [
        new(prediction.File), Text(prediction.Utterance),
        .. Inference(prediction.Answer?.Both), .. Inference(prediction.Answer?.Model), .. Inference(prediction.Answer?.Neighbours),
        Text(prediction.Answer is null ? null : string.Join("; ", prediction.Folds.SelectMany(fold => fold.Nearest.Select(near => Near(fold.Fold, near))))),
        Text(prediction.Problem is { } problem ? $"{problem.What}; {problem.Cure}" : null),
    ]));

    public void End(PredictionCounts counts) => output.Flush();

    private IEnumerable<Cell> Inference(double[]? p) =>
        p is null ? Enumerable.Repeat(Cell.None, header.Classes.Count + 1) : [new(header.Classes[Interpolation.Winner(p)]), .. p.Select(value => new Cell("", value))];

    private string Near(int fold, Neighbour near) => string.Create(
        CultureInfo.InvariantCulture, $"{(header.IsEnsemble ? $"fold {fold}: " : "")}{near.Utterance} ({header.Classes[near.Class]}, {near.Distance:R})");

    private static Cell Text(string? text) => text is { Length: > 0 } some ? new(some) : Cell.None;
}
