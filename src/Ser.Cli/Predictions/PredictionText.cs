using System.Globalization;
using Ser.Domain.Selection;
using Ser.Reporting;
using Ser.Runners.Predict;

namespace Ser.Cli.Predictions;

/// <summary>Writes predictions as an aligned table, row after row.</summary>
/// <param name="output">The text to write to.</param>
/// <param name="files">Every recording that will be written: the longest name determines the width of the first column.</param>
internal sealed class PredictionTable(TextWriter output, IReadOnlyList<string> files) : IPredictionWriter
{
    private const int NarrowestColumn = 5;
    private readonly int _nameWidth = Math.Max(4, files.Max(file => file.Length));
    private PredictionHeader _header = null!;

    public void Begin(PredictionHeader header)
    {
        _header = header;
        output.WriteLine(string.Join(Environment.NewLine, header.Lines()));
        output.WriteLine();
        string nearest = header.IsEnsemble ? "nearest of each fold" : "nearest";
        WriteRow(["file", "class", .. header.Classes.Select(name => name + " %"), "model", "knn", nearest]);
    }

    public void Add(Prediction prediction)
    {
        if (prediction.Answer is not { } answer)
        {
            WriteRow([prediction.File, "–", .. _header.Classes.Select(_ => "–"), "–", "–", $"skipped: {prediction.Problem!.What}"]);
            return;
        }

        string Winner(double[] p) => _header.Classes[Interpolation.MostProbableClass(p)];
        var percentages = answer.Both.Select(p => (100 * p).ToString("0.0", CultureInfo.InvariantCulture));
        string model = Winner(answer.Model), neighbours = Winner(answer.Neighbours);
        WriteRow([prediction.File, Winner(answer.Both), .. percentages, model, neighbours, Nearest(prediction)]);
    }

    public void End(PredictionCounts counts) => output.Flush();

    private string Nearest(Prediction prediction)
    {
        if (!_header.IsEnsemble)
        {
            return string.Join(", ", prediction.Folds[0].Nearest.Select(NearestWithDistance));
        }

        var nearestOfEachFold = prediction.Folds.SelectMany(fold => fold.Nearest.Take(1));
        var byUtterance = nearestOfEachFold.GroupBy(near => (near.Utterance, near.Class)).OrderByDescending(folds => folds.Count());
        return string.Join(", ", byUtterance.Select(folds =>
        {
            string times = folds.Count() > 1 ? $" ×{folds.Count()}" : "";
            return $"{folds.Key.Utterance} ({_header.Classes[folds.Key.Class]}){times}";
        }));
    }

    private string NearestWithDistance(Neighbour near) =>
        string.Create(CultureInfo.InvariantCulture, $"{near.Utterance} ({_header.Classes[near.Class]}, {near.Distance:0.###})");

    private void WriteRow(IReadOnlyList<string> cells)
    {
        int classWidth = Math.Max(NarrowestColumn, _header.Classes.Max(name => name.Length));
        output.WriteLine(string.Join("  ", cells.Select(Pad)).TrimEnd());

        // Columns: the file, the class, a percentage for each class, the classes of the model and of the neighbours, the nearest.
        string Pad(string cell, int column)
        {
            if (column == 0)
            {
                return cell.PadRight(_nameWidth);
            }

            if (column > 1 && column < _header.Classes.Count + 2)
            {
                return cell.PadLeft(Math.Max(NarrowestColumn, _header.Classes[column - 2].Length + 2));
            }

            return column == cells.Count - 1 ? cell : cell.PadRight(classWidth);
        }
    }
}

/// <summary>Writes predictions as comma-separated values: a line for each recording, numbers in full precision.</summary>
internal sealed class PredictionCsv(TextWriter output) : IPredictionWriter
{
    private PredictionHeader _header = null!;

    public void Begin(PredictionHeader header)
    {
        _header = header;
        string[] columns =
        [
            "file",
            "utterance",
            "class",
            .. header.Classes.Select(name => "p " + name),
            "model",
            .. header.Classes.Select(name => "model " + name),
            "knn",
            .. header.Classes.Select(name => "knn " + name),
            "nearest",
            "problem",
        ];
        output.Write(CsvTableWriter.WriteLine([.. columns.Select(column => new Cell(column))]));
    }

    public void Add(Prediction prediction)
    {
        var answer = prediction.Answer;
        output.Write(CsvTableWriter.WriteLine(
        [
            new(prediction.File),
            Text(prediction.Utterance),
            .. Inference(answer?.Both),
            .. Inference(answer?.Model),
            .. Inference(answer?.Neighbours),
            Text(answer is null ? null : Nearest(prediction)),
            Text(prediction.Problem is { } problem ? $"{problem.What}; {problem.Cure}" : null),
        ]));
    }

    public void End(PredictionCounts counts) => output.Flush();

    // The class, then a probability for each class; empty cells without a prediction.
    private IEnumerable<Cell> Inference(double[]? p) => p is null
        ? Enumerable.Repeat(Cell.None, _header.Classes.Count + 1)
        : [new(_header.Classes[Interpolation.MostProbableClass(p)]), .. p.Select(value => new Cell("", value))];

    private string Nearest(Prediction prediction) =>
        string.Join("; ", prediction.Folds.SelectMany(fold => fold.Nearest.Select(near => Describe(fold.Fold, near))));

    private string Describe(int fold, Neighbour near)
    {
        string prefix = _header.IsEnsemble ? $"fold {fold}: " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{near.Utterance} ({_header.Classes[near.Class]}, {near.Distance:R})");
    }

    private static Cell Text(string? text) => text is { Length: > 0 } given ? new(given) : Cell.None;
}
