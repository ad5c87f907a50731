using Ser.Domain.Experiments;

namespace Ser.Learning.Training;

/// <summary>Options of fine-tuning as the types that training uses.</summary>
internal static class OptionValues
{
    extension(FineTuneOptions options)
    {
        internal Encoder.Precision ProductPrecision => options.Precision switch
        {
            "float32" => Encoder.Precision.Float32,
            "bfloat16" => Encoder.Precision.BFloat16,
            _ => throw new ArgumentException($"there is no precision '{options.Precision}': it should be float32 or bfloat16"),
        };

        internal Reduction ContrastiveReduction => options.Reduction switch
        {
            "mean-valid" => Reduction.MeanValid,
            "mean-all" => Reduction.MeanAll,
            "sum" => Reduction.Sum,
            _ => throw new ArgumentException($"there is no reduction '{options.Reduction}': it should be mean-valid, mean-all or sum"),
        };
    }
}
