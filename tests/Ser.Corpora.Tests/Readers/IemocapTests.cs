using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.TestSupport;

namespace Ser.Corpora.Tests.Readers;

public sealed class IemocapTests
{
    [Fact]
    public void The_speaker_is_the_letter_before_the_last_number_and_only_summary_lines_count()
    {
        using var folder = new CorpusFolder();
        Build(folder, "IEMOCAP_full_release");
        foreach (string path in new[] { folder.Root, folder.At("IEMOCAP_full_release") })
        {
            var report = CorpusLoader.Load(new CorpusReference("iemocap", path), null, folder.Root);
            Assert.Empty(report.Problems);
            Assert.Equal(["Ses01F", "Ses01M", "Ses02F", "Ses02M"], report.Speakers.Select(speaker => speaker.Name));
            Assert.Equal(["1", "1", "2", "2"], report.Speakers.Select(speaker => speaker.Session));
            var counts = report.Speakers.Select(speaker => speaker.Counts.ToArray());
            Assert.Equal([[1, 1, 0, 0], [0, 1, 0, 1], [1, 1, 0, 0], [0, 1, 0, 1]], counts);
            Assert.Equal(new Dictionary<string, int> { ["fru"] = 2, ["xxx"] = 2 }, report.LeftOut);
            Assert.Equal("Ses01F_impro01_F000", report.Corpus!.Utterances[0].Name);
            Assert.Equal("Ses01M", report.Corpus.Utterances.Single(utterance => utterance.Name == "Ses01F_impro01_M013").Speaker);
        }
    }

    [Fact]
    public void Moving_the_folder_changes_no_digest_and_changing_a_recording_does()
    {
        using var a = new CorpusFolder();
        using var b = new CorpusFolder();
        Build(a, "x");
        Build(b, "y");
        string Digest(CorpusFolder folder, string name) =>
            CorpusLoader.Load(new CorpusReference("iemocap", folder.At(name)), null, "").Corpus!.Digest;
        Assert.Equal(Digest(a, "x"), Digest(b, "y"));

        b.Wav("y/Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav", 1700);
        Assert.NotEqual(Digest(a, "x"), Digest(b, "y"));
    }

    [Fact]
    public void Labels_unknown_missing_recordings_and_doubled_lines_are_all_named()
    {
        using var folder = new CorpusFolder();
        Build(folder, "I");
        File.Delete(folder.At("I/Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav"));
        File.AppendAllText(
            folder.At("I/Session2/dialog/EmoEvaluation/Ses02F_impro01.txt"),
            "[9 - 10]\tSes02F_impro01_F000\tang\t[1, 1, 1]\n"
                + "[9 - 10]\tSes02F_impro01_F090\tsda\t[1, 1, 1]\n"
                + "[9 - 10]\tnonsense\tsad\t[1, 1, 1]\n");
        var report = CorpusLoader.Load(new CorpusReference("iemocap", folder.At("I")), null, "");

        Assert.Null(report.Corpus);
        Assert.Equal(4, report.Problems.Count);
        Assert.Contains(report.Problems, problem => problem.Path.EndsWith("Ses01F_impro01_F000.wav") && problem.What.Contains("missing"));
        Assert.Contains(
            report.Problems,
            problem => problem.What.Contains("Ses02F_impro01_F000 is a duplicate") && problem.Path.EndsWith("line 15"));
        Assert.Contains(report.Problems, problem => problem.What.Contains("'sda'") && problem.Cure.Contains("'sad'"));
        Assert.Contains(report.Problems, problem => problem.Path.EndsWith("line 17") && problem.What.Contains("is not '[start - end]"));
    }

    [Fact]
    public void Classes_of_the_experiment_may_take_other_labels_and_must_be_labels_of_the_release()
    {
        using var folder = new CorpusFolder();
        Build(folder, "I");
        var reference = new CorpusReference("iemocap", folder.At("I"));
        var report = CorpusLoader.Load(reference, [new("cross", ["fru", "ang"]), new("calm", ["neu"])], "");
        Assert.Empty(report.Problems);
        Assert.Equal(["cross", "calm"], report.Corpus!.Classes);
        Assert.Equal([4, 2], Enumerable.Range(0, 2).Select(label => report.Utterances.Count(utterance => utterance.Class == label)));
        Assert.Equal(new Dictionary<string, int> { ["exc"] = 2, ["hap"] = 2, ["xxx"] = 2 }, report.LeftOut);

        var wrong = Assert.Single(CorpusLoader.Load(reference, [new("cross", ["agn", "fru"]), new("calm", ["neu"])], "").Problems);
        Assert.Contains("'agn'", wrong.What);
        Assert.Contains("'ang'", wrong.Cure);
    }

    [Fact]
    public void A_folder_that_is_not_a_release_is_reported()
    {
        using var folder = new CorpusFolder();
        var report = CorpusLoader.Load(new CorpusReference("iemocap", folder.At("nowhere")), null, "");
        Assert.Contains("SessionN/dialog/EmoEvaluation", Assert.Single(report.Problems).What);
    }

    [Fact]
    public void The_release_as_laid_out_has_5531_utterances_and_the_published_counts_by_speaker()
    {
        string? path = Environment.GetEnvironmentVariable("SER_IEMOCAP");
        Assert.SkipUnless(Directory.Exists(path), "set SER_IEMOCAP to the folder of the IEMOCAP release (or a tree of its shape)");
        var report = CorpusLoader.Load(new CorpusReference("iemocap", path), null, "");

        Assert.Empty(report.Problems);
        Assert.Equal(5531, report.Corpus!.Utterances.Count);
        Assert.Equal(
            [
                "Ses01F 147/132/78/171", "Ses01M 82/146/116/213", "Ses02F 67/166/113/135", "Ses02M 70/161/84/227", "Ses03F 92/128/172/130",
                "Ses03M 148/158/133/190", "Ses04F 205/185/62/76", "Ses04M 122/118/81/182", "Ses05F 78/159/132/221", "Ses05M 92/283/113/163",
            ],
            report.Speakers.Select(speaker => $"{speaker.Name} {string.Join('/', speaker.Counts)}"));
    }

    [Fact]
    public void One_in_seven_of_the_release_is_cut()
    {
        string? path = Environment.GetEnvironmentVariable("SER_IEMOCAP_INDEX");
        Assert.SkipUnless(File.Exists(path), "set SER_IEMOCAP_INDEX to a CSV file utterance,speaker,label,samples_16khz of the release");
        var utterances = File.ReadLines(path!).Skip(1).Select(line => line.Split(','))
            .Select(cells => new Domain.Corpora.Utterance(cells[0], cells[1], null, 0, "", "", 16000, long.Parse(cells[3]))).ToList();
        Assert.Equal(0.144, Durations.Compute(utterances).ShareCut, 0.0005);
    }

    // The difficulties of the real release: the letter of the dialogue, annotator lines, CRLF, macOS files, sub-folders, unused labels.
    private static void Build(CorpusFolder folder, string root)
    {
        foreach (int session in new[] { 1, 2 })
        {
            string dialogue = $"Ses0{session}F_impro01";
            (string Utterance, string Label)[] lines =
            [
                ($"{dialogue}_F000", "ang"), ($"{dialogue}_M013", "neu"), ($"{dialogue}_F001", "hap"),
                ($"{dialogue}_M014", "exc"), ($"{dialogue}_F002", "fru"), ($"{dialogue}_M015", "xxx"),
            ];
            string end = session == 2 ? "\r\n" : "\n";
            string text = "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]" + end + end;
            text += string.Concat(lines.Select(line =>
                $"[6.2901 - 8.2357]\t{line.Utterance}\t{line.Label}\t[2.5000, 2.5000, 2.5000]{end}C-E2:\tNeutral;\t(){end}"));
            string labels = $"{root}/Session{session}/dialog/EmoEvaluation";
            folder.Text($"{labels}/{dialogue}.txt", text);
            folder.Bytes($"{labels}/._{dialogue}.txt", [0, 5, 22, 7]);
            folder.Text($"{labels}/Categorical/{dialogue}_e2_cat.txt", $"[0 - 1]\t{dialogue}_F000\tsad\t[1, 1, 1]\n");
            foreach (var (utterance, _) in lines)
            {
                folder.Wav($"{root}/Session{session}/sentences/wav/{dialogue}/{utterance}.wav");
            }
        }
    }
}
