namespace Ser.Checkpoints.Tests;

public class ShapeConfigTests
{
    public static TheoryData<string, EncoderConfig> Published => new()
    {
        { "base", EncoderConfig.Preset("base") },
        { "large with layer norm", EncoderConfig.Preset("large") },
        { "large with layer norm and no bias (HuBERT)", EncoderConfig.Preset("large") with { ConvolutionBias = false } },
        { "large as base", EncoderConfig.Preset("base") with { Width = 1024, Heads = 16, FeedForward = 4096, Layers = 24 } },
        { "extra large", EncoderConfig.Preset("large") with { Width = 1280, FeedForward = 5120, Layers = 48 } },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Shapes_tell_every_published_architecture(string name, EncoderConfig config)
    {
        var shapes = ParameterShapes.ForConfig(config).ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        var read = ShapeConfig.Read(name, shapes);
        Assert.Null(read.Unknown);
        Assert.Equal(config.Convolution, read.Config.Convolution);
        Assert.Equal(config with { Convolution = read.Config.Convolution }, read.Config);
        Assert.Equal(config.NormFirst, read.NormalizeInput);
    }

    [Fact]
    public void Strides_of_other_kernels_are_not_guessed()
    {
        var config = EncoderConfig.Preset("base") with { Convolution = [new(512, 16, 8)] };
        var shapes = ParameterShapes.ForConfig(config).ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        var error = Assert.Throws<InvalidDataException>(() => ShapeConfig.Read("x", shapes));
        Assert.Contains("strides", error.Message, StringComparison.Ordinal);
    }
}
