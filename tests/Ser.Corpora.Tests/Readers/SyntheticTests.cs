using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.TestSupport;

namespace Ser.Corpora.Tests.Readers;

public sealed class SyntheticTests
{
    [Fact]
    public void It_is_written_once_and_has_ten_speakers_in_five_sessions_and_four_classes()
    {
        using var folder = new CorpusFolder();
        var report = CorpusLoader.Load(new CorpusReference("synthetic", null), null, folder.Root);
        Assert.Empty(report.Problems);
        Assert.StartsWith(folder.At("corpora/synthetic-"), report.Path);
        Assert.Equal(["angry", "happy", "sad", "neutral"], report.Classes);
        Assert.Equal(
            ["Syn01F 1", "Syn01M 1", "Syn02F 2", "Syn02M 2", "Syn03F 3", "Syn03M 3", "Syn04F 4", "Syn04M 4", "Syn05F 5", "Syn05M 5"],
            report.Speakers.Select(speaker => $"{speaker.Name} {speaker.Session}"));
        Assert.All(report.Speakers, speaker => Assert.Single(speaker.Counts.Distinct()));
        Assert.Equal("Syn01M", FoldPlanner.Plan(report.Corpus!, 10)[0].ValidationSpeakers[0]);

        var written = Directory.GetFiles(report.Path, "*.wav", SearchOption.AllDirectories).Select(File.GetLastWriteTimeUtc).ToList();
        Assert.Equal(report.Corpus!.Digest, CorpusLoader.Load(new CorpusReference("synthetic", null), null, folder.Root).Corpus!.Digest);
        Assert.Equal(written, Directory.GetFiles(report.Path, "*.wav", SearchOption.AllDirectories).Select(File.GetLastWriteTimeUtc));
    }

    [Fact]
    public void A_data_folder_that_is_a_file_is_refused()
    {
        using var folder = new CorpusFolder();
        string file = folder.Text("data", "a file");
        var reference = new CorpusReference("synthetic", null);
        var error = Assert.Throws<InputException>(() => CorpusLoader.Load(reference, null, file));
        Assert.Contains("--data", error.Message);
    }
}
