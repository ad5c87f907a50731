using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;

namespace Ser.Learning.Tests.Training;

public sealed class FeatureFileTests : IDisposable
{
    private static readonly EncoderConfig Config = EncoderConfig.Preset("tiny");
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void What_is_kept_is_what_is_computed_to_the_bit(Precision precision)
    {
        torch.set_num_threads(1);
        using var scope = torch.NewDisposeScope();
        using var parameters = Initialization.CreateParameters(Config, 1);
        var encoder = new Wav2Vec2(Config, parameters);
        var utterances = ToneUtterances.Create(0, 3);
        using var file = Open(utterances, precision);
        var stored = new FrozenFeatures(encoder, precision, file);
        var first = utterances.ConvertAll(utterance => stored.GetOrCompute(utterance));
        float[] NotStored() => throw new InvalidOperationException("the features should be in the file");
        var again = utterances.ConvertAll(utterance => stored.GetOrCompute(utterance with { Read = NotStored }));
        var computed = utterances.ConvertAll(utterance => new FrozenFeatures(encoder, precision, null).GetOrCompute(utterance));
        for (int i = 0; i < utterances.Count; i++)
        {
            Assert.Equal(computed[i].bytes.ToArray(), first[i].bytes.ToArray());
            Assert.Equal(computed[i].bytes.ToArray(), again[i].bytes.ToArray());
            Assert.Equal(computed[i].shape, again[i].shape);
        }
    }

    [Fact]
    public void Damage_is_noticed_and_computed_again()
    {
        using var scope = torch.NewDisposeScope();
        using var parameters = Initialization.CreateParameters(Config, 1);
        var encoder = new Wav2Vec2(Config, parameters);
        var utterances = ToneUtterances.Create(0, 2);
        byte[] right;
        using (var file = Open(utterances, Precision.Float32))
        {
            right = new FrozenFeatures(encoder, Precision.Float32, file).GetOrCompute(utterances[0]).bytes.ToArray();
        }

        using (var stream = File.OpenWrite(_path))
        {
            stream.Position = 500;
            stream.WriteByte(0x55);
        }

        using var damaged = Open(utterances, Precision.Float32);
        Assert.Null(damaged.Read(0));
        Assert.Null(damaged.Read(1)); // never written
        Assert.Equal(right, new FrozenFeatures(encoder, Precision.Float32, damaged).GetOrCompute(utterances[0]).bytes.ToArray());
        Assert.Equal(right, damaged.Read(0)!.bytes.ToArray());
    }

    [Fact]
    public void A_file_cut_short_under_a_reader_is_filled_again()
    {
        using var scope = torch.NewDisposeScope();
        using var parameters = Initialization.CreateParameters(Config, 1);
        var encoder = new Wav2Vec2(Config, parameters);
        var utterances = ToneUtterances.Create(0, 2);
        using var file = Open(utterances, Precision.Float32);
        var features = new FrozenFeatures(encoder, Precision.Float32, file);
        byte[] right = features.GetOrCompute(utterances[1]).bytes.ToArray();
        using (var stream = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            stream.SetLength(stream.Length - 100);
        }

        Assert.Null(file.Read(1));
        Assert.Equal(right, features.GetOrCompute(utterances[1]).bytes.ToArray());
        Assert.NotNull(file.Read(1));
    }

    [Fact]
    public void Training_makes_the_same_bits_with_and_without_it()
    {
        var utterances = ToneUtterances.Create(0, 18);
        var without = Train(utterances, null);
        using var file = Open(utterances, Precision.Float32);
        Assert.Equal(without, Train(utterances, file));
        Assert.Equal(without, Train(utterances, file));
        Assert.NotNull(file.Read(17));
    }

    private FeatureFile Open(IReadOnlyList<TrainingUtterance> utterances, Precision precision) =>
        new(_path, [.. utterances.Select(utterance => utterance.Length)], Config, precision);

    private static IReadOnlyList<EpochResult> Train(List<TrainingUtterance> utterances, FeatureFile? features)
    {
        torch.set_num_threads(1);
        using var model = new Classifier(new Wav2Vec2(Config, Initialization.CreateParameters(Config, 1)), 2, 1);
        var options = TinyTraining.Options with { Epochs = 2, LearningRate = 1e-2 };
        var surroundings = TinyTraining.NoHooks with { OpenFeatures = _ => features };
        return FineTuning.Run(model, utterances[..12], utterances[12..], options, surroundings, CancellationToken.None);
    }

    public void Dispose() => File.Delete(_path);
}
