using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.TestSupport;

namespace Ser.Corpora.Tests;

public sealed class RecordingProblemTests
{
    [Fact]
    public void Every_bad_recording_is_named_and_the_sound_ones_are_still_counted()
    {
        using var folder = new CorpusFolder();
        string[] sound = [folder.Wav("wav/03a01Wa.wav"), folder.Wav("wav/08a01Na.wav"), folder.Wav("wav/09a01Ta.wav")];
        string empty = folder.Bytes("wav/10a01Wa.wav", []);
        string cut = folder.Bytes("wav/11a01Wa.wav", File.ReadAllBytes(sound[0])[..30]);
        string nan = folder.FloatWav("wav/12a01Wa.wav", 0.1f, float.NaN, 0.2f);
        string silent = folder.FloatWav("wav/13a01Wa.wav");
        string other = folder.Text("wav/14a01Wa.wav", "this is not audio, though its name says so");
        var report = CorpusLoader.Load(new CorpusReference("emodb", folder.Root), null, "");

        Assert.Null(report.Corpus);
        Assert.Equal([empty, cut, nan, silent, other], report.Problems.Select(problem => problem.Path));
        Assert.All(report.Problems, problem => Assert.NotEmpty(problem.Cure));
        Assert.Contains("empty", report.Problems[0].What);
        Assert.Contains("truncated", report.Problems[1].What);
        Assert.Contains("NaN", report.Problems[2].What);
        Assert.Equal(3, report.Utterances.Count);
    }

    [Fact]
    public void A_recording_without_room_for_one_frame_of_the_encoder_is_named()
    {
        using var folder = new CorpusFolder();
        folder.Wav("wav/03a01Wa.wav", 400);
        string brief = folder.Wav("wav/08a01Na.wav", 399);
        var problem = Assert.Single(CorpusLoader.Load(new CorpusReference("emodb", folder.Root), null, "").Problems);
        Assert.Equal(brief, problem.Path);
        Assert.Contains("25 ms", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_in_two_classes_under_two_names_is_refused()
    {
        using var folder = new CorpusFolder();
        folder.Wav("wav/03a01Wa.wav");
        folder.Wav("wav/08a01Na.wav");
        var report = CorpusLoader.Load(new CorpusReference("emodb", folder.Root), [new("a", ["W"]), new("b", ["anger", "N"])], "");
        Assert.Contains(report.Problems, problem => problem.What.Contains("'anger' into two classes", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_and_text_tell_all_of_it()
    {
        using var folder = new CorpusFolder();
        folder.Wav("wav/03a01Wa.wav", 16000 * 8);
        folder.Wav("wav/03a01Na.wav");
        folder.Wav("wav/08a01Na.wav");
        folder.Wav("wav/08a01La.wav");
        folder.Wav("wav/09a01Ta.wav");
        var report = CorpusLoader.Load(new CorpusReference("emodb", folder.Root), null, "");
        var json = CorpusReportJson.ToNode(report);
        Assert.Equal(report.Corpus!.Digest, (string?)json["digest"]);
        Assert.Equal(4, (int?)json["utterances"]);
        Assert.Equal(1, (int?)json["speakers"]![0]!["counts"]!["angry"]);
        Assert.Equal("08", (string?)json["speakers"]![1]!["name"]);
        Assert.Equal(1, (int?)json["leftOut"]!["L"]);
        Assert.Equal(0.25, (double?)json["shareCut"]);
        Assert.Equal(4, (int?)json["sampleRates"]!["16000"]);
        Assert.Empty(json["problems"]!.AsArray());

        string text = CorpusReportText.Write(report);
        Assert.Contains("4 utterances of 3 speakers", text);
        Assert.Contains("25.0 % are cut at 7.5 s", text);
        Assert.Contains("left out: L 1", text);
        Assert.Contains(report.Corpus.Digest, text);

        folder.Bytes("wav/03a01Na.wav", []);
        var broken = CorpusLoader.Load(new CorpusReference("emodb", folder.Root), null, "");
        Assert.Null((string?)CorpusReportJson.ToNode(broken)["digest"]);
        Assert.EndsWith("03a01Na.wav", (string?)CorpusReportJson.ToNode(broken)["problems"]![0]!["path"]);
        Assert.Contains("1 problem; fix it before running", CorpusReportText.Write(broken));
    }

    [Fact]
    public void Recordings_alike_to_the_byte_are_warned_of()
    {
        using var folder = new CorpusFolder();
        folder.Wav("wav/03a01Wa.wav");
        folder.Wav("wav/09a01Ta.wav");
        File.Copy(folder.At("wav/03a01Wa.wav"), folder.At("wav/08a01Wa.wav"));
        var report = CorpusLoader.Load(new CorpusReference("emodb", folder.Root), null, "");
        Assert.Contains(report.Warnings, warning => warning.Contains("1 recording is byte-identical to another one, some across speakers"));
    }

    [Fact]
    public void Progress_counts_every_recording()
    {
        using var folder = new CorpusFolder();
        foreach (int speaker in Enumerable.Range(10, 9))
        {
            folder.Wav($"wav/{speaker}a01Wa.wav");
        }

        var seen = new System.Collections.Concurrent.ConcurrentBag<CorpusProgress>();
        CorpusLoader.Load(new CorpusReference("emodb", folder.Root), null, "", seen.Add);
        Assert.Equal(Enumerable.Range(1, 9), seen.Select(progress => progress.Done).Order());
        Assert.All(seen, progress => Assert.Equal(9, progress.Total));
    }
}
