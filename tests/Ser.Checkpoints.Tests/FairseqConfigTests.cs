using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Tests;

public class FairseqConfigTests
{
    [Theory]
    [InlineData("[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]")]
    [InlineData("[(512,10,5)]+[(512,3,2)]*4+[(512,2,2)]*2")]
    [InlineData("[(512, 10, 5), (512, 3, 2), (512, 3, 2), (512, 3, 2), (512, 3, 2), (512, 2, 2), (512, 2, 2)]")]
    public void Convolutions_are_taken_from_the_expression(string expression) =>
        Assert.Equal(EncoderConfig.Preset("base").Convolution, FairseqConfig.Convolution("x", expression));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[(512, 10)]")]
    [InlineData("[(512, 10, 5)] * 1000000000")]
    [InlineData("[(512, 10, 5)] * 65")]
    [InlineData("[(512, 10, 5)] * -1")]
    [InlineData("[(512, 10, 5)")]
    [InlineData("__import__('os').system('x')")]
    public void Anything_else_is_refused(string expression) =>
        Assert.Throws<InvalidDataException>(() => FairseqConfig.Convolution("x", expression));

    [Fact]
    public void Without_settings_it_is_fairseqs_base_model()
    {
        var read = FairseqConfig.Read("x", Dict(("args", null), ("cfg", Dict(("model", Dict()), ("task", Dict(("normalize", true)))))))!;
        var expected = EncoderConfig.Preset("base") with { LayerDrop = 0, FeatureDropout = 0, Convolution = read.Config.Convolution };
        Assert.Equal(expected, read.Config);
        Assert.True(read.NormalizeInput);
    }

    [Fact]
    public void A_fine_tuned_model_has_its_encoders_settings_in_a_namespace_of_its_own()
    {
        var settings = Dict(
            ("encoder_layers", 24L),
            ("encoder_attention_heads", 16L),
            ("normalize", true),
            ("extractor_mode", "layer_norm"));
        var encoder = Namespace(settings);
        var read = FairseqConfig.Read("x", Dict(("args", Namespace(Dict(("arch", "wav2vec_ctc"), ("w2v_args", encoder))))))!;
        Assert.Equal(24, read.Config.Layers);
        Assert.Equal(16, read.Config.Heads);
        Assert.True(read.Config.ConvolutionLayerNorm);
        Assert.True(read.NormalizeInput);
    }

    [Fact]
    public void Containers_of_omegaconf_and_members_of_enumerations_are_unwrapped()
    {
        var enumeration = new PickledGlobal("fairseq.dataclass.constants", "EXTRACTOR_MODE_CHOICES");
        var mode = new PickledObject(enumeration, new PickledTuple(["layer_norm"]));
        var layers = Wrapped("nodes", "_val", 3L);
        var settings = Dict(("encoder_layers", layers), ("extractor_mode", Wrapped("nodes", "_val", mode)));
        var model = Wrapped("dictconfig", "_content", settings);
        var read = FairseqConfig.Read("x", Dict(("cfg", Wrapped("dictconfig", "_content", Dict(("model", model))))))!;
        Assert.Equal(3, read.Config.Layers);
        Assert.True(read.Config.ConvolutionLayerNorm);
    }

    [Theory]
    [InlineData("encoder_layers", "twelve", "encoder_layers")]
    [InlineData("activation_fn", "relu", "relu")]
    [InlineData("layer_type", "conformer", "conformer")]
    public void A_setting_that_cannot_be_computed_is_named(string name, string value, string expected)
    {
        var checkpoint = Dict(("args", Namespace(Dict((name, value)))));
        var error = Assert.Throws<InvalidDataException>(() => FairseqConfig.Read("x", checkpoint));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static PickledDict Dict(params ReadOnlySpan<(string Key, object? Value)> items)
    {
        var dict = new PickledDict();
        foreach (var item in items)
        {
            dict.Items.Add(item);
        }

        return dict;
    }

    private static PickledObject Namespace(PickledDict state) =>
        new(new PickledGlobal("argparse", "Namespace"), new PickledTuple([])) { State = state };

    private static PickledObject Wrapped(string module, string field, object value) =>
        new(new PickledGlobal("omegaconf." + module, "Node"), new PickledTuple([])) { State = Dict((field, value)) };
}
