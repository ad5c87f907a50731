using Ser.Checkpoints;
using Ser.Learning.SelfCheck;
using Ser.TestSupport;
using TorchSharp;

namespace Ser.Learning.Tests.SelfCheck;

public class OracleRunTests
{
    [Fact]
    public void Numbers_come_out_right_here()
    {
        Deviation[] deviations =
        [
            NumericSelfCheck.Encoder(),
            NumericSelfCheck.EncoderInBFloat16(),
            NumericSelfCheck.ContrastiveLoss(),
            NumericSelfCheck.Gradient(),
            NumericSelfCheck.Neighbours(),
            NumericSelfCheck.Determinism(1),
            NumericSelfCheck.Determinism(2),
        ];
        foreach (var deviation in deviations)
        {
            Assert.True(deviation.IsWithinTolerance, $"{deviation.Compared}: {deviation.Measured} > {deviation.Tolerance}");
        }
    }

    [Fact]
    public void A_wrong_encoder_is_found_out()
    {
        var wrong = NumericSelfCheck.Encoder(1e-4, (encoder, waveform) =>
        {
            var disturbed = waveform.Mul(1.001).Add(waveform * waveform);
            return encoder.Contextualize(encoder.Convolve(disturbed));
        });
        Assert.False(wrong.IsWithinTolerance);
        Assert.False(new Deviation(double.NaN, 1, "").IsWithinTolerance);
        Assert.Equal(double.PositiveInfinity, Deviation.Largest([1, double.NaN], [1, 2]));
    }

    [Fact]
    public void The_embedded_values_are_the_reference_vectors()
    {
        string vectors = Oracle.Shipped;
        using var embedded = Reference.Open();
        using var encoder = SafeTensors.Read(Path.Combine(vectors, "01_w2v_tiny/w2v_even.safetensors"));
        using var training = SafeTensors.Read(Path.Combine(vectors, "04_training/training.safetensors"));
        using var neighbours = SafeTensors.Read(Path.Combine(vectors, "05_knn/knn_generic.safetensors"));
        int compared = 0;
        foreach (string name in embedded.Entries.Keys)
        {
            ReadOnlySpan<byte> whole = name switch
            {
                "encoder.waveform" => encoder.Bytes("waveforms")[(4 * (int)encoder.Entries["waveforms"].Shape[1])..],
                "encoder.out" => encoder.Bytes("f64.single1.out"),
                "contrastive.x" => training.Bytes("scl.balanced24x48.x"),
                "contrastive.labels" => training.Bytes("scl.balanced24x48.y"),
                "contrastive.per_anchor" => training.Bytes("scl.balanced24x48.l2.per_anchor_f64"),
                "contrastive.gradient_of_sum" => training.Bytes("scl.balanced24x48.l2.grad_of_sum_f64"),
                "neighbours.stored" => neighbours.Bytes("datastore"),
                "neighbours.queries" => neighbours.Bytes("queries"),
                "neighbours.index" => neighbours.Bytes("neighbor_index_f64"),
                "neighbours.distance" => neighbours.Bytes("neighbor_dist_f64"),
                _ => encoder.Bytes(name["encoder.".Length..]),
            };
            Assert.True(whole.StartsWith(embedded.Bytes(name)), name);
            compared++;
        }

        Assert.Equal(encoder.Entries.Keys.Count(name => name.StartsWith("param.", StringComparison.Ordinal)) + 10, compared);
    }
}
