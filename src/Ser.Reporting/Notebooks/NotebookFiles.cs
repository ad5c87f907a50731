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
    /// <summary>Writes predictions and neighbours in both formats into a folder that is made.</summary>
    /// <returns>Full paths of the files.</returns>
    /// <exception cref="InputException">The folder is there and not empty, or no fold is finished.</exception>
    public static IReadOnlyList<string> Write(string folder, ResultsInput input, Corpus corpus)
    {
        if (!HasRows(input))
        {
            throw new InputException($"{input.Sweep} has no finished fold yet, so there are no predictions: ser resume {input.Sweep}");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
        {
            throw new InputException($"{full} is there already and not empty: give another folder");
        }

        string part = $"{full}.part-{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(part);
            Csv(Path.Combine(part, "predictions.csv"), NotebookTables.Predictions(input, corpus));
            Csv(Path.Combine(part, "neighbours.csv"), NotebookTables.Neighbours(input, corpus));
            Parquet(part, input, corpus);
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

    /// <summary>Whether there is anything to write.</summary>
    public static bool HasRows(ResultsInput input) => input.Arms.Any(arm => arm.Folds.Any(fold => fold.Evaluation is not null));

    /// <summary>predictions.parquet and neighbours.parquet alone, of a sweep that has rows.</summary>
    public static void Parquet(string folder, ResultsInput input, Corpus corpus)
    {
        ParquetAsync(Path.Combine(folder, "predictions.parquet"), NotebookTables.Predictions(input, corpus)).GetAwaiter().GetResult();
        ParquetAsync(Path.Combine(folder, "neighbours.parquet"), NotebookTables.Neighbours(input, corpus)).GetAwaiter().GetResult();
    }

    private static void Csv(string path, IEnumerable<IReadOnlyList<Column>> parts)
    {
        using var text = new StreamWriter(path);
        bool headed = false;
        foreach (var columns in parts)
        {
            if (!headed)
            {
                text.Write(ResultsCsv.Line([.. columns.Select(column => new Cell(column.Name))]));
                headed = true;
            }

            for (int row = 0; row < columns[0].Values.Length; row++)
            {
                text.Write(ResultsCsv.Line([.. columns.Select(column => Of(column.Values.GetValue(row)!))]));
            }
        }
    }

    private static Cell Of(object value) => value is string text ? new Cell(text) : Cell.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture));

    // A row group for each part; gzip by the runtime, so that nothing native is needed.
    private static async Task ParquetAsync(string path, IEnumerable<IReadOnlyList<Column>> parts)
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
                    fields = [.. columns.Select(column => new DataField(column.Name, column.Values.GetType().GetElementType()!, isNullable: false))];
                    writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file, new ParquetOptions { CompressionMethod = CompressionMethod.Gzip, CompressionLevel = CompressionLevel.Optimal });
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
                        var other => throw new InvalidOperationException($"No column of {other.GetType()} is written."),
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
