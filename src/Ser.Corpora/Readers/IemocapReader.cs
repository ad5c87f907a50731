using System.Globalization;
using System.Text.RegularExpressions;
using Ser.Domain.Corpora;

namespace Ser.Corpora.Readers;

/// <summary>
/// The IEMOCAP release: labels in SessionN/dialog/EmoEvaluation/*.txt (its sub-folders hold single annotators' opinions), audio in SessionN/sentences/wav.
/// </summary>
internal sealed partial class IemocapReader : ICorpusReader
{
    private const string Release = "IEMOCAP_full_release";

    public Labels Labels { get; } = Labels.Of(
        ["ang", "hap", "exc", "sad", "neu", "fru", "fea", "sur", "dis", "oth", "xxx"],
        ["ang"], ["hap", "exc"], ["sad"], ["neu"]);

    public Listing List(string path)
    {
        string root = Directory.Exists(Path.Combine(path, Release)) ? Path.Combine(path, Release) : path;
        var recordings = new List<Recording>();
        var problems = new List<CorpusProblem>();
        var sessions = Directory.Exists(root)
            ? Directory.GetDirectories(root, "Session*").Where(folder => Directory.Exists(LabelsOf(folder))).Order(StringComparer.Ordinal).ToList()
            : [];
        if (sessions.Count == 0)
        {
            problems.Add(new(path, "holds no SessionN/dialog/EmoEvaluation", $"name the folder {Release} or the one that holds it"));
        }

        foreach (string session in sessions)
        {
            // macOS leaves a '._' file beside each file on foreign disks.
            var files = Directory.GetFiles(LabelsOf(session), "*.txt").Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal).ToList();
            if (files.Count == 0)
            {
                problems.Add(new(LabelsOf(session), "holds no label files (*.txt)", "unpack the release again"));
            }

            foreach (string file in files)
            {
                ReadLabels(session, file, recordings, problems);
            }
        }

        return new(recordings, problems);
    }

    private static string LabelsOf(string session) => Path.Combine(session, "dialog", "EmoEvaluation");

    private static void ReadLabels(string session, string file, List<Recording> recordings, List<CorpusProblem> problems)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;

            // Summary lines begin with the time span; the others are single annotators' opinions and remarks.
            if (!line.StartsWith('['))
            {
                continue;
            }

            string[] cells = line.Split('\t', StringSplitOptions.TrimEntries);
            var name = cells.Length >= 3 ? UtteranceName().Match(cells[1]) : Match.Empty;
            if (!name.Success)
            {
                problems.Add(new(
                    $"{file}, line {number}", "is not '[start - end]<tab>utterance<tab>label<tab>[v, a, d]' with an utterance such as Ses01F_impro04_M013",
                    "restore the release's label file"));
                continue;
            }

            // The letter after the session number only says who wore the markers: the speaker is the letter before the last number.
            string wav = Path.Combine(session, "sentences", "wav", name.Groups["dialogue"].Value, cells[1] + ".wav");
            string sessionNumber = int.Parse(name.Groups["session"].Value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            recordings.Add(new(cells[1], cells[2], $"Ses{name.Groups["session"].Value}{name.Groups["letter"].Value}", sessionNumber, wav, $"{file}, line {number}"));
        }
    }

    [GeneratedRegex(@"^(?<dialogue>Ses(?<session>\d\d)[FM]_\w+)_(?<letter>[FM])\d+$")]
    private static partial Regex UtteranceName();
}
