using System.Text.Unicode;
using CsvHelper;
using Ser.Domain;
using Ser.Domain.Corpora;

namespace Ser.Corpora.Readers;

/// <summary>Any corpus through a manifest with the columns path, label, speaker and, if wanted, session and name. Relative paths count from the manifest's folder.</summary>
internal sealed class ManifestReader : ICorpusReader
{
    private static readonly string[] Needed = ["path", "label", "speaker"];
    private static readonly string[] Columns = [.. Needed, "session", "name"];

    public Labels Labels { get; } = Labels.Of(
        [
            "ang angry anger", "hap happy happiness joy joyful", "exc excited excitement", "sad sadness", "neu neutral", "fru frustrated frustration",
            "fea fear fearful anxiety", "sur surprise surprised", "dis disgust disgusted", "bor boredom bored", "cal calm", "con contempt", "oth other", "xxx",
        ],
        ["ang"], ["hap", "exc"], ["sad"], ["neu"],
        open: true);

    public Listing List(string path)
    {
        if (!File.Exists(path))
        {
            string what = Directory.Exists(path) ? "is a folder" : "is missing";
            return new([], [new(path, what, $"name a manifest: a CSV file with the columns {string.Join(",", Needed)}[,session][,name]")]);
        }

        byte[] bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) && !bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) && !Utf8.IsValid(bytes))
        {
            return new([], [new(path, "is not text in UTF-8, so that names of speakers could run together", "save the manifest as UTF-8")]);
        }

        var problems = new List<CorpusProblem>();
        var recordings = new List<Recording>();
        using var rows = CsvReader.FromFile(path, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = row => problems.Add(new($"{path}, line {row.LineNumber}", "has a quote out of place", "quote whole cells, and write a quote inside one twice")),
        });
        if (!rows.Read())
        {
            problems.Add(new(path, "is empty", $"its first line should be {string.Join(",", Columns)} (session and name if wanted)"));
            return new([], problems);
        }

        var columns = Header(Cells(rows), path, problems);
        while (columns is not null && rows.Read())
        {
            if (Row(Cells(rows), columns, $"{path}, line {rows.LineNumber}", path, problems) is { } recording)
            {
                recordings.Add(recording);
            }
        }

        return new(recordings, problems);
    }

    private static string[] Cells(CsvReader row) => [.. Enumerable.Range(0, row.FieldCount).Select(cell => row.GetString(cell).Trim())];

    // Column names to positions; null where the header will not do.
    private static Dictionary<string, int>? Header(string[] cells, string path, List<CorpusProblem> problems)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        int before = problems.Count;
        for (int i = 0; i < cells.Length; i++)
        {
            if (!columns.TryAdd(cells[i], i))
            {
                problems.Add(new($"{path}, line 1", $"names the column '{cells[i]}' twice", "keep one"));
            }
        }

        foreach (string missing in Needed.Where(name => !columns.ContainsKey(name)))
        {
            string? near = Nearest.Of(missing, columns.Keys);
            string hint = cells.Length == 1 && cells[0].IndexOfAny([';', '\t']) >= 0 ? "separate the columns by commas"
                : near is not null && Nearest.Distance(missing, near) <= 2 ? $"rename the column '{near}'"
                : $"the first line should be {string.Join(",", Columns)} (session and name if wanted)";
            problems.Add(new($"{path}, line 1", $"lacks the column '{missing}'", hint));
        }

        return problems.Count == before ? columns : null;
    }

    private static Recording? Row(string[] cells, Dictionary<string, int> columns, string where, string path, List<CorpusProblem> problems)
    {
        if (cells.Length != columns.Count)
        {
            problems.Add(new(where, $"has {cells.Length} cells where the header has {columns.Count}", "quote cells that hold a comma, and fill every column"));
            return null;
        }

        string? Cell(string name) => columns.TryGetValue(name, out int at) ? cells[at] : null;
        var empty = Columns.Where(name => Cell(name) is "").ToList();
        if (empty.Count > 0)
        {
            problems.Add(new(where, $"has nothing in {string.Join(", ", empty)}", "fill it in, or leave the row out"));
            return null;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string audio = Cell("path")!;
        if (audio.Contains('\0'))
        {
            problems.Add(new(where, "has a path with a zero byte in it", "save the manifest as text in UTF-8"));
            return null;
        }

        return new(Cell("name") ?? audio, Cell("label")!, Cell("speaker")!, Cell("session"), Path.GetFullPath(Path.Combine(folder, audio)), where);
    }
}
