using System.Security.Cryptography;
using System.Text;
using Ser.Checkpoints;
using Ser.Domain.Artifacts;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Scheduler;
using Ser.Stages;
using Ser.Storage.Artifacts;
using Ser.Storage.Data;
using Ser.Storage.Farm;
using Ser.TestSupport;

namespace Ser.Worker.Tests;

/// <summary>From the submitting machine's disk through the object store to a worker that has none of its files.</summary>
public sealed class InputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _opened = [];

    public void Dispose()
    {
        _opened.ForEach(opened => opened.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public void Corpus_and_weights_travel_by_digest_to_a_worker_that_cannot_see_the_submitters_files()
    {
        var settings = TestServers.S3();
        var plan = Plan();
        Submit(Store(settings, "scheduler"), plan, OwnCorpora.None);
        Directory.Delete(_folder.At("lab"), recursive: true);

        var inputs = new JobInputs(Store(settings, "worker"), OwnCorpora.None);
        var corpus = inputs.Corpus(plan.Corpus.Digest);
        Assert.Equal(["sound of a", "sound of b"], corpus.Utterances.Select(utterance => File.ReadAllText(utterance.Path)));
        Assert.All(corpus.Utterances, utterance => Assert.StartsWith(_folder.At("worker"), utterance.Path, StringComparison.Ordinal));
        Assert.Equal("numbers", File.ReadAllText(inputs.Weights(Sha("numbers"))));
    }

    [Fact]
    public void A_corpus_that_may_not_be_copied_is_read_at_the_workers_own_path_and_nothing_of_it_is_in_the_store()
    {
        var settings = TestServers.S3();
        var plan = Plan();
        Submit(Store(settings, "scheduler"), plan, new OwnCorpora(new Dictionary<string, string> { ["emodb"] = _folder.At("lab") }));
        Directory.Move(_folder.At("lab"), _folder.At("licensed copy"));
        var worker = Store(settings, "worker");

        var refused = Assert.Throws<InvalidDataException>(() => new JobInputs(worker, OwnCorpora.None).Corpus(plan.Corpus.Digest));
        Assert.Contains("OwnCorpora", refused.Message, StringComparison.Ordinal);
        var ownCorpora = new OwnCorpora(new Dictionary<string, string> { ["emodb"] = _folder.At("licensed copy") });
        var corpus = new JobInputs(worker, ownCorpora).Corpus(plan.Corpus.Digest);
        string[] copies = [_folder.At("licensed copy", "a.wav"), _folder.At("licensed copy", "b.wav")];
        Assert.Equal(copies, corpus.Utterances.Select(utterance => utterance.Path));
        Assert.All(corpus.Utterances, utterance => Assert.Null(worker.Get(ArtifactKeys.Input(utterance.Sha256))));
    }

    [Fact]
    public void An_index_with_another_digest_is_refused()
    {
        var plan = Plan();
        var store = new FileArtifacts(_folder.At("artifacts"));
        Submit(store, plan, OwnCorpora.None);
        store.Put(ArtifactKeys.Corpus(plan.Corpus.Digest), CorpusFile.Write(plan.Corpus with { Classes = ["calm"] }));

        var error = Assert.Throws<InvalidDataException>(() => new JobInputs(store, OwnCorpora.None).Corpus(plan.Corpus.Digest));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embedded_inputs_are_read_where_they_lie_and_weights_are_proved()
    {
        var plan = Plan();
        var store = new FileArtifacts(_folder.At("artifacts"));
        Submit(store, plan, OwnCorpora.None);

        Assert.Equal(plan.Corpus.Utterances, new JobInputs(store, OwnCorpora.None).Corpus(plan.Corpus.Digest).Utterances);
        Assert.Equal(_folder.At("lab", "w.safetensors"), new JobInputs(store, OwnCorpora.None).Weights(Sha("numbers")));
        File.WriteAllText(_folder.At("lab", "w.safetensors"), "others");
        Assert.Throws<InvalidDataException>(() => new JobInputs(store, OwnCorpora.None).Weights(Sha("numbers")));
    }

    [Fact]
    public void What_could_not_be_read_is_requested_again()
    {
        var plan = Plan();
        var store = new FileArtifacts(_folder.At("artifacts"));
        var inputs = new JobInputs(store, OwnCorpora.None);
        Assert.Throws<InvalidDataException>(() => inputs.Corpus(plan.Corpus.Digest));
        Assert.Throws<InvalidDataException>(() => inputs.Weights(Sha("numbers")));

        Submit(store, plan, OwnCorpora.None);
        Assert.Equal(2, inputs.Corpus(plan.Corpus.Digest).Utterances.Count);
        File.WriteAllText(_folder.At("lab", "w.safetensors"), "others");
        Assert.Throws<InvalidDataException>(() => inputs.Weights(Sha("numbers")));
        File.WriteAllText(_folder.At("lab", "w.safetensors"), "numbers");
        Assert.Equal(_folder.At("lab", "w.safetensors"), inputs.Weights(Sha("numbers")));
    }

    private PlanContext Plan()
    {
        Directory.CreateDirectory(_folder.At("lab"));
        Utterance[] utterances = [.. new[] { "a", "b" }.Select(name =>
        {
            string path = _folder.At("lab", $"{name}.wav"), content = $"sound of {name}";
            File.WriteAllText(path, content);
            return new Utterance(name, "s", null, 0, path, Sha(content), 16000, 1);
        })];
        File.WriteAllText(_folder.At("lab", "w.safetensors"), "numbers");
        string digest = CorpusDigest.Compute(["angry"], utterances);
        Speaker[] speakers = [new("s", null, [2])];
        var corpus = new Corpus("emodb", _folder.At("lab"), digest, ["angry"], utterances, speakers, new Dictionary<string, int>());
        var weights = new WeightsInput(_folder.At("lab", "w.safetensors"), Sha("numbers"), EncoderConfig.Preset("tiny"), true);
        return new PlanContext(new Experiment(), corpus, [], new Dictionary<string, WeightsInput> { ["w"] = weights }, 1);
    }

    private void Submit(IArtifactStore artifacts, PlanContext plan, OwnCorpora own)
    {
        using var data = DataFolder.OpenAsRunner(_folder.At("jobs"), "test");
        new Submission(data.Jobs.Sweeps, data.Jobs.Schedules, artifacts, own).Submit(plan, []);
    }

    private S3Artifacts Store(S3Settings settings, string machine)
    {
        var cache = new ArtifactCache(_folder.At(machine), 1 << 20, TimeProvider.System);
        var store = new S3Artifacts(settings, cache, TimeProvider.System);
        _opened.AddRange([store, cache]);
        return store;
    }

    private static string Sha(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
