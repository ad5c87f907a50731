using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.TestSupport;

namespace Ser.Corpora.Tests.Readers;

public sealed class ManifestTests
{
    [Fact]
    public void Sixty_five_speakers_from_a_manifest_make_ten_folds()
    {
        using var folder = new CorpusFolder();
        string[] labels = ["angry", "happy", "sad", "neutral"];
        var rows =
            from speaker in Enumerable.Range(1, 65)
            from label in labels
            select (File: $"a/s{speaker}_{label}.wav", Label: label, Speaker: $"s{speaker}");
        var list = rows.ToList();
        list.ForEach(row => folder.Wav(row.File, 400));
        string lines = string.Concat(list.Select(row => $"{row.Speaker},{row.Label},{row.File}\n"));
        string manifest = folder.Text("m.csv", "speaker,label,path\n" + lines);

        var report = CorpusLoader.Load(new CorpusReference("csv", manifest), null, "");
        Assert.Empty(report.Problems);
        Assert.Equal(260, report.Corpus!.Utterances.Count);
        Assert.Equal("a/s1_angry.wav", report.Corpus.Utterances[0].Name);
        Assert.Equal(10, FoldPlanner.Plan(report.Corpus, 10).Count);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_would_run_speakers_together_and_is_refused()
    {
        using var folder = new CorpusFolder();
        byte[] latin1 = [.. "path,label,speaker\na.wav,angry,M"u8, 0xFC, .. "ller\nb.wav,angry,M"u8, 0xF6, .. "ller\n"u8];
        string manifest = folder.Bytes("m.csv", latin1);
        var report = CorpusLoader.Load(new CorpusReference("csv", manifest), null, "");
        Assert.Contains(report.Problems, problem => problem.Path == manifest && problem.What.Contains("UTF-8", StringComparison.Ordinal));
        Assert.Null(report.Corpus);
    }

    [Fact]
    public void Sessions_names_quotes_and_synonyms_are_read()
    {
        using var folder = new CorpusFolder();
        folder.Wav("one, two.wav");
        folder.Wav("b.wav");
        folder.Wav("c.wav");
        const string Rows = "\"one, two.wav\",Anger,ann,s1,first\r\n\r\nb.wav,excited,bob,s1,second\r\nc.wav,surprise,bob,s1,third\r\n";
        string manifest = folder.Text("m.csv", "\uFEFFPath,Label,Speaker,Session,Name\r\n" + Rows);
        var report = CorpusLoader.Load(new CorpusReference("csv", manifest), null, "");
        Assert.Empty(report.Problems);
        Assert.Equal(["first ann s1 0", "second bob s1 1"], report.Utterances.Select(u => $"{u.Name} {u.Speaker} {u.Session} {u.Class}"));
        Assert.Equal(new Dictionary<string, int> { ["surprise"] = 1 }, report.LeftOut);
    }

    [Fact]
    public void Every_wrong_row_is_named_with_its_line()
    {
        using var folder = new CorpusFolder();
        folder.Wav("a.wav");
        folder.Wav("b.wav");
        const string Rows = "a.wav,angry,ann\na.wav,angry,ann\nb.wav,,bob\nb.wav,sad\nb.wav,agry,bob\n"
            + "b\"x.wav,sad,bob\nb\0.wav,sad,bob\nb.wav,sad,bob\n";
        string manifest = folder.Text("m.csv", "path,label,speaker\n" + Rows);
        var problems = CorpusLoader.Load(new CorpusReference("csv", manifest), null, "").Problems;
        Assert.Contains(problems,
            problem => problem.Path == $"{manifest}, line 3" && problem.What.Contains("duplicate") && problem.What.Contains("line 2"));
        Assert.Contains(problems, problem => problem.Path == $"{manifest}, line 4" && problem.What.Contains("no value in label"));
        Assert.Contains(problems, problem => problem.Path == $"{manifest}, line 5" && problem.What.Contains("2 cells"));
        Assert.Contains(
            problems,
            problem => problem.Path == $"{manifest}, line 6" && problem.What.Contains("'agry'") && problem.Cure.Contains("'angry'"));
        Assert.Contains(problems, problem => problem.Path == $"{manifest}, line 7" && problem.What.Contains("quote"));
        Assert.Contains(problems, problem => problem.Path == $"{manifest}, line 8" && problem.What.Contains("zero byte"));
    }

    [Theory]
    [InlineData("path,lable,speaker\n", "lacks the column 'label'", "'lable'")]
    [InlineData("path;label;speaker\n", "lacks the column 'path'", "commas")]
    [InlineData("path,label,speaker,path\n", "'path' twice", "remove one")]
    [InlineData("", "is empty", "path,label,speaker")]
    [InlineData("path,label,speaker\n", "holds no utterances", "right folder")]
    public void A_header_that_will_not_do_is_refused(string text, string what, string cure)
    {
        using var folder = new CorpusFolder();
        var problem = CorpusLoader.Load(new CorpusReference("csv", folder.Text("m.csv", text)), null, "").Problems[0];
        Assert.Contains(what, problem.What);
        Assert.Contains(cure, problem.Cure);
    }

    [Fact]
    public void A_missing_manifest_and_one_speaker_are_problems()
    {
        using var folder = new CorpusFolder();
        var missing = CorpusLoader.Load(new CorpusReference("csv", folder.At("no.csv")), null, "");
        Assert.Equal("is missing", Assert.Single(missing.Problems).What);
        folder.Wav("a.wav");
        folder.Wav("b.wav");
        string manifest = folder.Text("m.csv", "path,label,speaker\na.wav,angry,ann\nb.wav,sad,ann\n");
        var oneSpeaker = CorpusLoader.Load(new CorpusReference("csv", manifest), null, "");
        Assert.Contains("only one speaker, ann", Assert.Single(oneSpeaker.Problems).What);
    }

    [Fact]
    public void Any_label_can_be_named_under_classes()
    {
        using var folder = new CorpusFolder();
        folder.Wav("a.wav");
        folder.Wav("b.wav");
        folder.Wav("c.wav");
        string manifest = folder.Text("m.csv", "path,label,speaker\na.wav,grumpy,ann\nb.wav,glad,bob\nc.wav,bored,cid\n");
        var report = CorpusLoader.Load(new CorpusReference("csv", manifest), [new("low", ["grumpy"]), new("high", ["glad", "elated"])], "");
        Assert.Empty(report.Problems);
        Assert.Equal(2, report.Corpus!.Utterances.Count);
        Assert.Equal(new Dictionary<string, int> { ["bored"] = 1 }, report.LeftOut);
        Assert.Contains(report.Warnings, warning => warning.Contains("'elated'"));
    }
}
