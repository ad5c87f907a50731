using System.Text.RegularExpressions;
using Ser.Domain.Corpora;

namespace Ser.Corpora.Readers;

/// <summary>Reads EMO-DB by its file names, SSTTTEv.wav: speaker, sentence, emotion (a letter, from the German word), version.</summary>
internal sealed partial class EmoDbReader : ICorpusReader
{
    private const string Example = "such as 03a01Fa.wav: speaker 03, sentence a01, emotion F, version a";

    public LabelVocabulary Labels { get; } = LabelVocabulary.Create(
        ["W anger angry", "L boredom bored", "E disgust disgusted", "A fear anxiety", "F happiness happy", "T sadness sad", "N neutral"],
        ["W"], ["F"], ["T"], ["N"]);

    public RecordingList ListRecordings(string path)
    {
        string folder = Directory.Exists(Path.Combine(path, "wav")) ? Path.Combine(path, "wav") : path;
        if (!Directory.Exists(folder))
        {
            return new([], [new(path, "is not a folder", "name the folder of EMO-DB's recordings, or its parent")]);
        }

        var recordings = new List<Recording>();
        var problems = new List<CorpusProblem>();
        foreach (string file in Directory.GetFiles(folder).Where(IsWav).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            var parts = FileName().Match(name);
            if (parts.Success)
            {
                recordings.Add(new(name, parts.Groups["letter"].Value, parts.Groups["speaker"].Value, null, file, file));
            }
            else
            {
                problems.Add(new(file, $"is not named like an EMO-DB recording ({Example})", "rename or remove it"));
            }
        }

        return new(recordings, problems);
    }

    private static bool IsWav(string file) =>
        Path.GetExtension(file).Equals(".wav", StringComparison.OrdinalIgnoreCase) && !Path.GetFileName(file).StartsWith('.');

    [GeneratedRegex(@"^(?<speaker>\d\d)[a-z]\d\d(?<letter>[A-Z])[a-z0-9]?$")]
    private static partial Regex FileName();
}
