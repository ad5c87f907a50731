using Ser.Domain.Experiments;
using Ser.TestSupport;

namespace Ser.Corpora.Tests.Readers;

public sealed class EmoDbTests
{
    [Fact]
    public void Names_tell_speaker_and_emotion()
    {
        using var folder = Build("03a01Wa", "03a01Nc", "08b02Fb", "16a05Tb", "16a05La", "16a07Ea");
        foreach (string path in new[] { folder.Root, folder.At("wav") })
        {
            var report = CorpusLoader.Load(new CorpusReference("emodb", path), null, "");
            Assert.Empty(report.Problems);
            Assert.Equal(["angry", "happy", "sad", "neutral"], report.Classes);
            var speakers = report.Speakers.Select(speaker => $"{speaker.Name} {string.Join('/', speaker.Counts)}");
            Assert.Equal(["03 1/0/0/1", "08 0/1/0/0", "16 0/0/1/0"], speakers);
            Assert.Equal(new Dictionary<string, int> { ["E"] = 1, ["L"] = 1 }, report.LeftOut);
            Assert.Contains(report.Warnings, warning => warning.Contains("speaker 08 has one class only, happy"));
        }
    }

    [Fact]
    public void Classes_may_name_letters_or_English_names()
    {
        using var folder = Build("03a01Wa", "03a01La", "08b02Aa", "16a05Ta");
        CorpusReference reference = new("emodb", folder.Root);
        var report = CorpusLoader.Load(reference, [new("up", ["anger", "A"]), new("down", ["boredom", "T"])], "");
        Assert.Empty(report.Problems);
        var classes = report.Utterances.Select(utterance => $"{utterance.Name} {utterance.Class}");
        Assert.Equal(["03a01La 1", "03a01Wa 0", "08b02Aa 0", "16a05Ta 1"], classes);
    }

    [Fact]
    public void Unknown_letters_and_names_are_problems()
    {
        using var folder = Build("03a01Wa", "08a01Xa", "16a05Ta", "readme");
        folder.Text("wav/notes.txt", "not a recording");
        folder.Bytes("wav/._03a01Wa.wav", [0, 5]);
        var report = CorpusLoader.Load(new CorpusReference("emodb", folder.Root), null, "");
        Assert.Equal(2, report.Problems.Count);
        Assert.Contains(report.Problems, problem => problem.What.Contains("unknown label 'X'") && problem.Path.EndsWith("08a01Xa.wav"));
        Assert.Contains(report.Problems, problem => problem.Path.EndsWith("readme.wav") && problem.What.Contains("03a01Fa.wav"));
    }

    [Fact]
    public void The_four_emotions_of_emodb_are_339_recordings_of_ten_speakers()
    {
        string? path = Environment.GetEnvironmentVariable("SER_EMODB");
        Assert.SkipUnless(Directory.Exists(path), "set SER_EMODB to the folder of EMO-DB");
        var report = CorpusLoader.Load(new CorpusReference("emodb", path), null, "");
        Assert.Empty(report.Problems);
        Assert.Equal(10, report.Speakers.Count);
        Assert.Equal(339, report.Corpus!.Utterances.Count);
        int Count(int label) => report.Utterances.Count(utterance => utterance.Class == label);
        Assert.Equal([127, 71, 62, 79], Enumerable.Range(0, 4).Select(Count));
        Assert.Equal(new Dictionary<string, int> { ["A"] = 69, ["E"] = 46, ["L"] = 81 }, report.LeftOut);
    }

    private static CorpusFolder Build(params string[] names)
    {
        var folder = new CorpusFolder();
        foreach (string name in names)
        {
            folder.Wav($"wav/{name}.wav");
        }

        return folder;
    }
}
