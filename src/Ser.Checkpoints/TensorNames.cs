using System.Text.RegularExpressions;

namespace Ser.Checkpoints;

/// <summary>The naming scheme of a checkpoint's tensors.</summary>
public enum CheckpointLayout
{
    /// <summary>transformers: Wav2Vec2Model, HubertModel, and models that contain them.</summary>
    HuggingFace,

    /// <summary>fairseq, pre-trained or fine-tuned.</summary>
    Fairseq,

    /// <summary>torchaudio.</summary>
    Torchaudio,
}

/// <summary>
/// Translates the published names of tensors to those of Hugging Face's bare model, with the older names of the weight norm.
/// </summary>
internal static partial class TensorNames
{
    private static readonly string[] Prefixes = ["w2v_encoder.w2v_model.", "encoder.w2v_model.", "w2v_model.", "wav2vec2.", "hubert."];

    // No name matches the rules of two layouts.
    private static readonly (CheckpointLayout Layout, Regex Pattern, string Replacement)[] Rules =
    [
        (CheckpointLayout.HuggingFace, WeightNormG(), "${stem}weight_g"),
        (CheckpointLayout.HuggingFace, WeightNormV(), "${stem}weight_v"),
        (CheckpointLayout.Fairseq, FairseqConvolution(), "${stem}.conv."),
        (CheckpointLayout.Fairseq, FairseqConvolutionNorm(), "${stem}.layer_norm."),
        (CheckpointLayout.Fairseq, FairseqFeatureNorm(), "feature_projection.layer_norm."),
        (CheckpointLayout.Fairseq, FairseqProjection(), "feature_projection.projection."),
        (CheckpointLayout.Fairseq, FairseqPosition(), "encoder.pos_conv_embed.conv."),
        (CheckpointLayout.Fairseq, FairseqAttention(), "${stem}.attention."),
        (CheckpointLayout.Fairseq, FairseqAttentionNorm(), "${stem}.layer_norm."),
        (CheckpointLayout.Fairseq, FairseqInner(), "${stem}.feed_forward.intermediate_dense."),
        (CheckpointLayout.Fairseq, FairseqOutput(), "${stem}.feed_forward.output_dense."),
        (CheckpointLayout.Fairseq, FairseqMask(), "masked_spec_embed"),
        (CheckpointLayout.Fairseq, FairseqQuantizer(), "quantizer.codevectors"),
        (CheckpointLayout.Fairseq, FairseqFinal(), "project_hid."),
        (CheckpointLayout.Torchaudio, TorchaudioFeatures(), "feature_projection."),
        (CheckpointLayout.Torchaudio, TorchaudioTransformer(), "encoder."),
    ];

    /// <summary>Translates the name of a tensor in the file.</summary>
    internal static TranslatedName Translate(string source)
    {
        string name = source;
        foreach (string prefix in Prefixes)
        {
            name = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        }

        CheckpointLayout? layout = null;
        foreach (var rule in Rules)
        {
            if (rule.Pattern.IsMatch(name))
            {
                name = rule.Pattern.Replace(name, rule.Replacement);
                layout = rule.Layout == CheckpointLayout.HuggingFace ? layout : rule.Layout;
            }
        }

        return new TranslatedName(name, layout);
    }

    [GeneratedRegex(@"^(?<stem>.*\.pos_conv(_embed\.conv|\.0)\.)parametrizations\.weight\.original0$")]
    private static partial Regex WeightNormG();

    [GeneratedRegex(@"^(?<stem>.*\.pos_conv(_embed\.conv|\.0)\.)parametrizations\.weight\.original1$")]
    private static partial Regex WeightNormV();

    [GeneratedRegex(@"^(?<stem>feature_extractor\.conv_layers\.\d+)\.0\.(?=weight$|bias$)")]
    private static partial Regex FairseqConvolution();

    // In fairseq, group norm is module 2, and layer norm is the middle of a sequence that is module 2.
    [GeneratedRegex(@"^(?<stem>feature_extractor\.conv_layers\.\d+)\.2\.(1\.)?(?=weight$|bias$)")]
    private static partial Regex FairseqConvolutionNorm();

    [GeneratedRegex(@"^layer_norm\.(?=weight$|bias$)")]
    private static partial Regex FairseqFeatureNorm();

    [GeneratedRegex(@"^post_extract_proj\.")]
    private static partial Regex FairseqProjection();

    [GeneratedRegex(@"^encoder\.pos_conv\.0\.")]
    private static partial Regex FairseqPosition();

    [GeneratedRegex(@"^(?<stem>encoder\.layers\.\d+)\.self_attn\.")]
    private static partial Regex FairseqAttention();

    [GeneratedRegex(@"^(?<stem>encoder\.layers\.\d+)\.self_attn_layer_norm\.")]
    private static partial Regex FairseqAttentionNorm();

    [GeneratedRegex(@"^(?<stem>encoder\.layers\.\d+)\.fc1\.")]
    private static partial Regex FairseqInner();

    [GeneratedRegex(@"^(?<stem>encoder\.layers\.\d+)\.fc2\.")]
    private static partial Regex FairseqOutput();

    [GeneratedRegex(@"^mask_emb$")]
    private static partial Regex FairseqMask();

    [GeneratedRegex(@"^quantizer\.vars$")]
    private static partial Regex FairseqQuantizer();

    [GeneratedRegex(@"^final_proj\.")]
    private static partial Regex FairseqFinal();

    [GeneratedRegex(@"^encoder\.feature_projection\.")]
    private static partial Regex TorchaudioFeatures();

    [GeneratedRegex(@"^encoder\.transformer\.")]
    private static partial Regex TorchaudioTransformer();
}

/// <summary>The translated name of a tensor.</summary>
/// <param name="Name">The name in Hugging Face's bare model.</param>
/// <param name="Layout">The naming scheme of the original name; null where the name is the same in several schemes.</param>
internal readonly record struct TranslatedName(string Name, CheckpointLayout? Layout);
