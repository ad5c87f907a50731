using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Server;
using Ser.Storage.Artifacts;

namespace Ser.Cli.Predictions;

/// <summary>Where predictions are written and in which format.</summary>
/// <param name="Format">table, csv, json or jsonl.</param>
/// <param name="File">Full path; null: standard output.</param>
internal sealed record PredictionDestination(string Format, string? File);

/// <summary>The options that choose where predictions are written and in which format.</summary>
internal sealed class PredictionOutput
{
    private static readonly string[] Formats = ["table", "csv", "json", "jsonl"];
    private readonly Option<string?> _format = new("--format")
    {
        Description = "table, csv, json (one document) or jsonl (one line for each recording, as soon as it is labelled). "
            + "Default: by the extension of --out's FILE, else table.",
        HelpName = "FORMAT",
    };

    private readonly Option<string?> _output = new("--out")
    {
        Description = "Write to a file. It appears only when it is complete, and after Ctrl-C with the recordings labelled so far.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace FILE if it exists." };

    internal PredictionOutput(Command command)
    {
        _format.AcceptOnlyFromAmong(Formats);
        command.Add(_format);
        command.Add(_output);
        command.Add(_overwrite);
    }

    /// <summary>The format and the file that the command line chooses.</summary>
    /// <exception cref="InputException">The options contradict each other, or the file exists or cannot be written.</exception>
    internal PredictionDestination GetDestination(ParseResult parsed, IReadOnlyList<string> recordings)
    {
        bool json = parsed.GetValue(CommandLine.Json);
        string? file = parsed.GetValue(_output) is { } path ? Path.GetFullPath(path) : null;
        string chosenFormat = parsed.GetValue(_format) ?? FormatByExtension(file) ?? (json ? "json" : "table");
        if (json && file is null && chosenFormat != "json")
        {
            throw new InputException("--json asks for one JSON document on standard output, "
                + $"and --format {chosenFormat} for something else: leave one of them out, or give --out");
        }

        if (file is not null)
        {
            Check(file, parsed.GetValue(_overwrite), recordings);
        }

        return new PredictionDestination(chosenFormat, file);
    }

    /// <summary>Runs <paramref name="work"/> with the format's writer. A file is put in place only when the work returns.</summary>
    internal static void Write(PredictionDestination destination, IReadOnlyList<string> recordings, Action<IPredictionWriter> work)
    {
        if (destination.File is null)
        {
            using var standard = Console.OpenStandardOutput();
            WriteTo(standard, autoFlush: true);
        }
        else
        {
            DurableFiles.Write(destination.File, part =>
            {
                using var stream = new FileStream(part, FileMode.Create, FileAccess.Write);
                WriteTo(stream, autoFlush: false);
            });
        }

        void WriteTo(Stream stream, bool autoFlush)
        {
            var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            using var text = new StreamWriter(stream, encoding, leaveOpen: true) { AutoFlush = autoFlush };
            work(destination.Format switch
            {
                "csv" => new PredictionCsv(text),
                "table" => new PredictionTable(text, recordings),
                _ => new PredictionJson(stream, lines: destination.Format == "jsonl"),
            });
        }
    }

    /// <summary>What --json prints where the predictions themselves are written to a file.</summary>
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

    private static string? FormatByExtension(string? file) => file is null
        ? null
        : Array.Find(Formats, name => file.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));

    private static void Check(string file, bool overwrite, IReadOnlyList<string> recordings)
    {
        if (Directory.Exists(file))
        {
            throw new InputException($"--out {file} is a folder: give the file to write");
        }

        string? folder = Path.GetDirectoryName(file);
        if (!Directory.Exists(folder))
        {
            throw new InputException($"--out {file}: there is no folder {folder}; create it, or write elsewhere");
        }

        if (recordings.Any(recording => Path.GetFullPath(recording) == file))
        {
            throw new InputException($"--out {file} is one of the recordings: give another file to write");
        }

        if (File.Exists(file) && !overwrite)
        {
            throw new InputException($"--out {file} already exists: give another file, or --overwrite to replace it");
        }
    }
}
