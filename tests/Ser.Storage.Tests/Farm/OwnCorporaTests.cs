using Ser.Domain.Corpora;
using Ser.Storage.Farm;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Farm;

public sealed class OwnCorporaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recordings_of_a_folder_are_found_under_the_machines_own()
    {
        var own = new OwnCorpora(new Dictionary<string, string> { ["emodb"] = _folder.Path });
        var corpus = Corpus("emodb", "/data/emodb", "/data/emodb/wav/a.wav");

        Assert.True(own.Contains(corpus));
        Assert.Equal((_folder.Path, _folder.At("wav", "a.wav")),
            (own.ToLocalPaths(corpus).Path, own.ToLocalPaths(corpus).Utterances[0].Path));
    }

    [Fact]
    public void Recordings_of_a_manifest_count_from_its_folder()
    {
        Directory.CreateDirectory(_folder.At("lists"));
        File.WriteAllText(_folder.At("lists", "mine.csv"), "");
        var own = new OwnCorpora(new Dictionary<string, string> { ["d1"] = _folder.At("lists", "mine.csv") });

        Assert.Equal(_folder.At("audio", "a.wav"),
            own.ToLocalPaths(Corpus("csv", "/data/lists/all.csv", "/data/audio/a.wav")).Utterances[0].Path);
    }

    [Fact]
    public void A_digest_has_precedence_over_a_kind_and_other_corpora_are_uploaded()
    {
        var own = new OwnCorpora(new Dictionary<string, string> { ["csv"] = "/somewhere", ["d1"] = _folder.Path });

        Assert.Equal(_folder.Path, own.ToLocalPaths(Corpus("csv", "/data", "/data/a.wav")).Path);
        Assert.False(own.Contains(Corpus("iemocap", "/data", "/data/a.wav") with { Digest = "d2" }));
        Assert.False(OwnCorpora.None.Contains(Corpus("csv", "/data", "/data/a.wav")));
    }

    private static Corpus Corpus(string kind, string path, string recording)
    {
        var utterance = new Utterance("a", "s", null, 0, recording, "00", 16000, 1);
        return new Corpus(kind, path, "d1", ["angry"], [utterance], [new Speaker("s", null, [1])], new Dictionary<string, int>());
    }
}
