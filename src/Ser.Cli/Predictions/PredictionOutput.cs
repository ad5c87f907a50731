using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Storage.Artifacts;

namespace Ser.Cli.Predictions;

/// <summary>Where predictions go and in which format.</summary>
internal sealed class PredictionOutput
{
    private static readonly string[] Formats = ["table", "csv", "json", "jsonl"];
    private readonly Option<string?> format = new("--format") { Description = "table, csv, json (one document) or jsonl (a line for each recording, as they come). Default: by the ending of --out's FILE, else table.", HelpName = "FORMAT" };
    private readonly Option<string?> output = new("--out") { Description = "Write to a file, in place once it is whole, also after Ctrl-C.", HelpName = "FILE" };
    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace FILE if it is there." };

    internal PredictionOutput(Command command)
    {
        format.AcceptOnlyFromAmong(Formats);
        command.Add(format);
        command.Add(output);
        command.Add(overwrite);
    }

    /// <summary>Format and file that are asked for; a null file is standard output.</summary>
    /// <exception cref="InputException">They contradict each other, or the file is there or cannot be.</exception>
    internal (string Format, string? File) Of(ParseResult parsed, IReadOnlyList<string> recordings)
    {
        bool json = parsed.GetValue(CommandLine.Json);
        string? file = parsed.GetValue(output) is { } path ? Path.GetFullPath(path) : null;
        string chosen = parsed.GetValue(format) ?? (file is null ? (json ? "json" : "table") : Array.Find(Formats, name => file.EndsWith("." + name, StringComparison.OrdinalIgnoreCase)) ?? (json ? "json" : "table"));
        if (json && file is null && chosen != "json")
        {
            throw new InputException($"--json asks for one JSON document on standard output and --format {chosen} for something else: leave one of them out, or give --out");
        }

        if (file is not null)
        {
            Check(file, parsed.GetValue(overwrite), recordings);
        }

        return (chosen, file);
    }

    /// <summary>Has <paramref name="work"/> write with the format's writer, to standard output or to a file that is put in place when it returns.</summary>
    internal static void Write(string format, string? file, IReadOnlyList<string> recordings, Action<IPredictionWriter> work)
    {
        if (file is null)
        {
            using var standard = Console.OpenStandardOutput();
            To(standard, flushed: true);
        }
        else
        {
            DurableFiles.Put(file, part =>
            {
                using var stream = new FileStream(part, FileMode.Create, FileAccess.Write);
                To(stream, flushed: false);
            });
        }

        void To(Stream stream, bool flushed)
        {
            using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { AutoFlush = flushed };
            work(format switch
            {
                "csv" => new PredictionCsv(text),
                "table" => new PredictionTable(text, recordings),
                _ => new PredictionJson(stream, lines: format == "jsonl"),
            });
        }
    }

    /// <summary>What --json prints where the predictions themselves go to a file.</summary>
    internal static JsonNode Summary(PredictionHeader header, PredictionCounts counts, string file)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            PredictionJson.Describe(json, header);
            json.WriteString("out", file);
            PredictionJson.Count(json, counts);
            json.WriteEndObject();
        }

        return JsonNode.Parse(buffer.ToArray())!;
    }

    private static void Check(string file, bool overwrite, IReadOnlyList<string> recordings)
    {
        if (Directory.Exists(file))
        {
            throw new InputException($"--out {file} is a folder: give the file to write");
        }

        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            throw new InputException($"--out {file}: there is no folder {Path.GetDirectoryName(file)}; make it, or write elsewhere");
        }

        if (recordings.Any(recording => Path.GetFullPath(recording) == file))
        {
            throw new InputException($"--out {file} is one of the recordings: give another file to write");
        }

        if (File.Exists(file) && !overwrite)
        {
            throw new InputException($"--out {file} is there already: give another file, or --overwrite to replace it");
        }
    }
}
