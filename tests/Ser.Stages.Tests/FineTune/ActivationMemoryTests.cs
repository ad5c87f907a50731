using Ser.Checkpoints;
using Ser.Stages.FineTune;

namespace Ser.Stages.Tests.FineTune;

public sealed class ActivationMemoryTests
{
    [Theory]
    [InlineData("tiny", 24, 7.5, true, 0)]
    [InlineData("base", 24, 7.5, false, 12)]
    [InlineData("base", 24, 2, false, 0)]
    [InlineData("base", 4, 7.5, false, 0)]
    [InlineData("large", 24, 7.5, false, 6)]
    [InlineData("base", 24, 600, true, 1)]
    public void A_batch_is_divided_evenly_where_it_would_not_fit(string preset, int rows, double seconds, bool convolutions, int atOnce) =>
        Assert.Equal(atOnce, ActivationMemory.RowsAtOnce(EncoderConfig.Preset(preset), rows, seconds, convolutions, bfloat16: false));

    [Fact]
    public void Bfloat16_fits_more()
    {
        var config = EncoderConfig.Preset("large");
        int RowsAtOnce(bool bfloat16) => ActivationMemory.RowsAtOnce(config, 24, 7.5, false, bfloat16);
        Assert.True(RowsAtOnce(bfloat16: true) > RowsAtOnce(bfloat16: false));
    }
}
