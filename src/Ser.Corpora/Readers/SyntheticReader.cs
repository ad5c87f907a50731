using System.Text.RegularExpressions;
using Ser.Domain.Corpora;

namespace Ser.Corpora.Readers;

/// <summary>
/// Reads the corpus that ser synthesises. For example, wav/Syn01F_ang_03.wav is of
/// speaker Syn01F in session 1 and has the label ang.
/// </summary>
internal sealed partial class SyntheticReader : ICorpusReader
{
    public LabelVocabulary Labels { get; } = LabelVocabulary.Create(["ang", "hap", "sad", "neu"], ["ang"], ["hap"], ["sad"], ["neu"]);

    public RecordingList ListRecordings(string path)
    {
        var recordings = new List<Recording>();
        var problems = new List<CorpusProblem>();
        foreach (string file in Directory.GetFiles(Path.Combine(path, "wav"), "*.wav").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            var parts = FileName().Match(name);
            if (parts.Success)
            {
                var (label, speaker, session) = (parts.Groups["label"].Value, parts.Groups["speaker"].Value, parts.Groups["session"].Value);
                recordings.Add(new(name, label, speaker, session, file, file));
            }
            else
            {
                problems.Add(new(file, "is not part of the synthetic corpus", $"remove the folder {path}: it is created again"));
            }
        }

        return new(recordings, problems);
    }

    [GeneratedRegex(@"^(?<speaker>Syn0*(?<session>\d+)[FM])_(?<label>[a-z]+)_\d+$")]
    private static partial Regex FileName();
}
