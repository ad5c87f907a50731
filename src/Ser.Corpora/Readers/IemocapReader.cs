using System.Globalization;
using System.Text.RegularExpressions;
using Ser.Domain.Corpora;

namespace Ser.Corpora.Readers;

/// <summary>
/// Reads the IEMOCAP release. Labels are in SessionN/dialog/EmoEvaluation/*.txt (its sub-folders, with the labels of single annotators, are
/// not read), recordings in SessionN/sentences/wav.
/// </summary>
internal sealed partial class IemocapReader : ICorpusReader
{
    private const string Release = "IEMOCAP_full_release";
    private const string ExpectedLine =
        "'[start - end]<tab>utterance<tab>label<tab>[v, a, d]' with an utterance such as Ses01F_impro04_M013";

    public LabelVocabulary Labels { get; } = LabelVocabulary.Create(
        ["ang", "hap", "exc", "sad", "neu", "fru", "fea", "sur", "dis", "oth", "xxx"],
        ["ang"], ["hap", "exc"], ["sad"], ["neu"]);

    public RecordingList ListRecordings(string path)
    {
        string root = Directory.Exists(Path.Combine(path, Release)) ? Path.Combine(path, Release) : path;
        var recordings = new List<Recording>();
        var problems = new List<CorpusProblem>();
        string[] folders = Directory.Exists(root) ? Directory.GetDirectories(root, "Session*") : [];
        string[] sessions = [.. folders.Where(folder => Directory.Exists(LabelFolder(folder))).Order(StringComparer.Ordinal)];
        if (sessions.Length == 0)
        {
            problems.Add(new(path, "holds no SessionN/dialog/EmoEvaluation", $"name the folder {Release}, or its parent"));
        }

        foreach (string session in sessions)
        {
            // macOS writes a '._' file beside each file on disks of other file systems.
            string[] all = Directory.GetFiles(LabelFolder(session), "*.txt");
            string[] files = [.. all.Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal)];
            if (files.Length == 0)
            {
                problems.Add(new(LabelFolder(session), "holds no label files (*.txt)", "unpack the release again"));
            }

            foreach (string file in files)
            {
                ReadLabels(session, file, recordings, problems);
            }
        }

        return new(recordings, problems);
    }

    private static string LabelFolder(string session) => Path.Combine(session, "dialog", "EmoEvaluation");

    private static void ReadLabels(string session, string file, List<Recording> recordings, List<CorpusProblem> problems)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;

            // Only summary lines begin with a time span; the others hold the labels of single annotators and remarks.
            if (!line.StartsWith('['))
            {
                continue;
            }

            string[] cells = line.Split('\t', StringSplitOptions.TrimEntries);
            var name = cells.Length >= 3 ? UtteranceName().Match(cells[1]) : Match.Empty;
            if (!name.Success)
            {
                problems.Add(new($"{file}, line {number}", $"is not {ExpectedLine}", "restore the release's label file"));
                continue;
            }

            // The letter after the session number tells who wore the motion-capture markers; the one before the last number, who speaks.
            string digits = name.Groups["session"].Value;
            string speaker = $"Ses{digits}{name.Groups["letter"].Value}";
            string sessionNumber = int.Parse(digits, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            string wav = Path.Combine(session, "sentences", "wav", name.Groups["dialogue"].Value, cells[1] + ".wav");
            recordings.Add(new(cells[1], cells[2], speaker, sessionNumber, wav, $"{file}, line {number}"));
        }
    }

    [GeneratedRegex(@"^(?<dialogue>Ses(?<session>\d\d)[FM]_\w+)_(?<letter>[FM])\d+$")]
    private static partial Regex UtteranceName();
}
