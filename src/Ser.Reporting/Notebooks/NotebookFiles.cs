using System.Globalization;
using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Reporting.Results;

namespace Ser.Reporting.Notebooks;

/// <summary>Writes tables for notebooks as CSV and as Parquet. Equal tables give equal bytes.</summary>
public static class NotebookFiles
{
    private static readonly ParquetOptions Options =
        new() { CompressionMethod = CompressionMethod.Gzip, CompressionLevel = CompressionLevel.Optimal };

    /// <summary>Writes predictions and neighbours in both formats into a new folder.</summary>
    /// <returns>The full paths of the files.</returns>
    /// <exception cref="InputException">The folder exists and is not empty, or no fold is finished.</exception>
    public static IReadOnlyList<string> Write(string folder, ResultsInput input, Corpus corpus)
    {
        if (!HasRows(input))
        {
            throw new InputException($"{input.Sweep} has no finished fold yet, so there are no predictions: ser resume {input.Sweep}");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
        {
            throw new InputException($"{full} already exists and is not empty: give another folder");
        }

        string part = $"{full}.part-{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(part);
            WriteCsv(Path.Combine(part, "predictions.csv"), NotebookTables.Predictions(input, corpus));
            WriteCsv(Path.Combine(part, "neighbours.csv"), NotebookTables.Neighbours(input, corpus));
            WriteParquet(part, input, corpus);
            if (Directory.Exists(full))
            {
                Directory.Delete(full);
            }

            Directory.Move(part, full);
        }
        finally
        {
            if (Directory.Exists(part))
            {
                Directory.Delete(part, recursive: true);
            }
        }

        return [.. Directory.EnumerateFiles(full).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether any fold is finished, so that there is something to write.</summary>
    public static bool HasRows(ResultsInput input) => input.Arms.Any(arm => arm.Folds.Any(fold => fold.Evaluation is not null));

    /// <summary>Writes predictions.parquet and neighbours.parquet alone, for a sweep that has rows.</summary>
    public static void WriteParquet(string folder, ResultsInput input, Corpus corpus)
    {
        var predictions = WriteParquetAsync(Path.Combine(folder, "predictions.parquet"), NotebookTables.Predictions(input, corpus));
        predictions.GetAwaiter().GetResult();
        var neighbours = WriteParquetAsync(Path.Combine(folder, "neighbours.parquet"), NotebookTables.Neighbours(input, corpus));
        neighbours.GetAwaiter().GetResult();
    }

    private static void WriteCsv(string path, IEnumerable<IReadOnlyList<Column>> parts)
    {
        using var text = new StreamWriter(path);
        bool hasHeader = false;
        foreach (var columns in parts)
        {
            if (!hasHeader)
            {
                text.Write(CsvTableWriter.WriteLine([.. columns.Select(column => new Cell(column.Name))]));
                hasHeader = true;
            }

            for (int row = 0; row < columns[0].Values.Length; row++)
            {
                text.Write(CsvTableWriter.WriteLine([.. columns.Select(column => ToCell(column.Values.GetValue(row)!))]));
            }
        }
    }

    private static DataField CreateField(Column column) => new(column.Name, column.Values.GetType().GetElementType()!, isNullable: false);

    private static Cell ToCell(object value) =>
        value is string text ? new Cell(text) : Cell.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture));

    // Each part becomes a row group. Gzip is used because the runtime has it, so no native library is needed.
    private static async Task WriteParquetAsync(string path, IEnumerable<IReadOnlyList<Column>> parts)
    {
        await using var file = File.Create(path);
        ParquetWriter? writer = null;
        DataField[] fields = [];
        try
        {
            foreach (var columns in parts)
            {
                if (writer is null)
                {
                    fields = [.. columns.Select(CreateField)];
                    writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file, Options);
                }

                using var group = writer.CreateRowGroup();
                foreach (var (field, column) in fields.Zip(columns))
                {
                    await (column.Values switch
                    {
                        string[] texts => group.WriteAsync(field, texts),
                        int[] numbers => group.WriteAsync<int>(field, numbers.AsMemory()),
                        long[] numbers => group.WriteAsync<long>(field, numbers.AsMemory()),
                        double[] numbers => group.WriteAsync<double>(field, numbers.AsMemory()),
                        var other => throw new InvalidOperationException($"A column of {other.GetType()} cannot be written."),
                    });
                }

                group.CompleteValidate();
            }
        }
        finally
        {
            if (writer is not null)
            {
                await writer.DisposeAsync();
            }
        }
    }
}
