using System.Text.Unicode;
using CsvHelper;
using Ser.Domain;
using Ser.Domain.Corpora;

namespace Ser.Corpora.Readers;

/// <summary>
/// Reads any corpus through a CSV manifest with the columns path, label and speaker, and optionally session and name. Relative paths are
/// relative to the manifest's folder.
/// </summary>
internal sealed class ManifestReader : ICorpusReader
{
    private static readonly string[] Required = ["path", "label", "speaker"];
    private static readonly string[] Columns = [.. Required, "session", "name"];
    private static readonly string ExpectedHeader = $"{string.Join(",", Columns)} (session and name are optional)";

    public LabelVocabulary Labels { get; } = LabelVocabulary.Create(
        [
            "ang angry anger", "hap happy happiness joy joyful", "exc excited excitement", "sad sadness", "neu neutral",
            "fru frustrated frustration", "fea fear fearful anxiety", "sur surprise surprised", "dis disgust disgusted",
            "bor boredom bored", "cal calm", "con contempt", "oth other", "xxx",
        ],
        ["ang"], ["hap", "exc"], ["sad"], ["neu"],
        allowsOthers: true);

    public RecordingList ListRecordings(string path)
    {
        if (!File.Exists(path))
        {
            string what = Directory.Exists(path) ? "is a folder" : "is missing";
            string cure = $"name a manifest: a CSV file with the columns {string.Join(",", Required)}[,session][,name]";
            return new([], [new(path, what, cure)]);
        }

        byte[] bytes = File.ReadAllBytes(path);
        if (!HasUtf16Mark(bytes) && !Utf8.IsValid(bytes))
        {
            // Invalid bytes would all become the same replacement character, so that two speakers could get one name.
            return new([], [new(path, "is not UTF-8 text, so different speakers could get the same name", "save the manifest as UTF-8")]);
        }

        var problems = new List<CorpusProblem>();
        var recordings = new List<Recording>();
        using var rows = CsvReader.FromFile(path, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = row => problems.Add(
                new($"{path}, line {row.LineNumber}", "has a misplaced quote", "quote whole cells, and double a quote inside one")),
        });
        if (!rows.Read())
        {
            problems.Add(new(path, "is empty", $"its first line should be {ExpectedHeader}"));
            return new([], problems);
        }

        var columns = ParseHeader(Cells(rows), path, problems);
        while (columns is not null && rows.Read())
        {
            if (ParseRow(Cells(rows), columns, $"{path}, line {rows.LineNumber}", path, problems) is { } recording)
            {
                recordings.Add(recording);
            }
        }

        return new(recordings, problems);
    }

    private static bool HasUtf16Mark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);

    private static string[] Cells(CsvReader row) => [.. Enumerable.Range(0, row.FieldCount).Select(cell => row.GetString(cell).Trim())];

    // The position of each column by name; null where the header has a problem.
    private static Dictionary<string, int>? ParseHeader(string[] cells, string path, List<CorpusProblem> problems)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        int before = problems.Count;
        for (int i = 0; i < cells.Length; i++)
        {
            if (!columns.TryAdd(cells[i], i))
            {
                problems.Add(new($"{path}, line 1", $"names the column '{cells[i]}' twice", "remove one of them"));
            }
        }

        foreach (string missing in Required.Where(name => !columns.ContainsKey(name)))
        {
            string? near = Spelling.Nearest(missing, columns.Keys);
            string hint = cells.Length == 1 && cells[0].IndexOfAny([';', '\t']) >= 0 ? "separate the columns by commas"
                : near is not null && Spelling.Distance(missing, near) <= 2 ? $"rename the column '{near}'"
                : $"the first line should be {ExpectedHeader}";
            problems.Add(new($"{path}, line 1", $"lacks the column '{missing}'", hint));
        }

        return problems.Count == before ? columns : null;
    }

    private static Recording? ParseRow(
        string[] cells, Dictionary<string, int> columns, string where, string path, List<CorpusProblem> problems)
    {
        if (cells.Length != columns.Count)
        {
            string what = $"has {cells.Length} cells where the header has {columns.Count}";
            problems.Add(new(where, what, "quote cells that contain a comma, and fill every column"));
            return null;
        }

        string? Cell(string name) => columns.TryGetValue(name, out int index) ? cells[index] : null;
        var empty = Columns.Where(name => Cell(name) is "").ToList();
        if (empty.Count > 0)
        {
            problems.Add(new(where, $"has no value in {string.Join(", ", empty)}", "fill it in, or remove the row"));
            return null;
        }

        string audio = Cell("path")!;
        if (audio.Contains('\0'))
        {
            problems.Add(new(where, "has a path that contains a zero byte", "save the manifest as UTF-8"));
            return null;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string audioPath = Path.GetFullPath(Path.Combine(folder, audio));
        return new(Cell("name") ?? audio, Cell("label")!, Cell("speaker")!, Cell("session"), audioPath, where);
    }
}
