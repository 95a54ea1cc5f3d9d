using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Model.Autoencoders;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;

namespace MedGen.Model.Conversion;

/// <summary>The configs of a model's parts, in the words of the releases or of diffusers.</summary>
internal static class ConversionConfigs
{
    /// <summary>Of a transformer.</summary>
    /// <param name="config">Its dimensions.</param>
    /// <param name="takesFirstFrame">Whether clips may begin with a picture at timestep 0.</param>
    /// <param name="layout">Whose words.</param>
    public static JsonObject Transformer(WanTransformerConfig config, bool takesFirstFrame, ConversionLayout layout)
    {
        JsonArray patch = [config.PatchSize.Frames, config.PatchSize.Height, config.PatchSize.Width];
        return layout == ConversionLayout.Diffusers
            ? new JsonObject
            {
                ["_class_name"] = "WanTransformer3DModel",
                ["added_kv_proj_dim"] = config.ImageDim is null ? null : config.Dim,
                ["attention_head_dim"] = config.HeadDim,
                ["cross_attn_norm"] = config.CrossAttnNorm,
                ["eps"] = config.Eps,
                ["ffn_dim"] = config.FfnDim,
                ["freq_dim"] = config.FreqDim,
                ["image_dim"] = config.ImageDim,
                ["in_channels"] = config.InChannels,
                ["num_attention_heads"] = config.NumHeads,
                ["num_layers"] = config.NumLayers,
                ["out_channels"] = config.OutChannels,
                ["patch_size"] = patch,
                ["qk_norm"] = config.QkNorm ? "rms_norm_across_heads" : null,
                ["rope_max_seq_len"] = 1024,
                ["text_dim"] = config.TextDim,
                ["text_len"] = config.TextLength, // diffusers' class does not know it: it is 512 there
            }
            : new JsonObject
            {
                ["_class_name"] = "WanModel",
                ["model_type"] = config.ConditionChannels > 0 ? "i2v" : takesFirstFrame ? "ti2v" : "t2v",
                ["patch_size"] = patch,
                ["text_len"] = config.TextLength,
                ["in_dim"] = config.InChannels,
                ["dim"] = config.Dim,
                ["ffn_dim"] = config.FfnDim,
                ["freq_dim"] = config.FreqDim,
                ["text_dim"] = config.TextDim,
                ["out_dim"] = config.OutChannels,
                ["num_heads"] = config.NumHeads,
                ["num_layers"] = config.NumLayers,
                ["eps"] = config.Eps,
            };
    }

    /// <summary>Of an autoencoder.</summary>
    public static JsonObject Autoencoder(WanAutoencoderConfig config, ConversionLayout layout)
    {
        bool isDiffusers = layout == ConversionLayout.Diffusers;
        JsonObject json = new()
        {
            ["_class_name"] = isDiffusers ? "AutoencoderKLWan" : "WanVAE_",
            [isDiffusers ? "base_dim" : "dim"] = config.Dim,
            [isDiffusers ? "decoder_base_dim" : "dec_dim"] = config.DecoderDim,
            ["z_dim"] = config.LatentChannels,
            ["dim_mult"] = Array(config.Multipliers),
            ["num_res_blocks"] = config.NumResidualBlocks,
            ["attn_scales"] = Array(config.AttentionScales),
            ["temperal_downsample"] = Array(config.TemporalDownsample),
            ["dropout"] = 0.0,
            [isDiffusers ? "latents_mean" : "mean"] = Array(config.LatentMean),
            [isDiffusers ? "latents_std" : "std"] = Array(config.LatentStd),
        };
        if (config.IsResidual || config.PatchSize > 1)
        {
            json["is_residual"] = config.IsResidual;
            json["patch_size"] = config.PatchSize;
            json["in_channels"] = config.FoldedChannels;
            json["out_channels"] = config.FoldedChannels;
            json["scale_factor_spatial"] = config.SpatialFactor;
            json["scale_factor_temporal"] = config.TemporalFactor;
        }

        return json;
    }

    /// <summary>Of a text encoder.</summary>
    public static JsonObject TextEncoder(UMT5EncoderConfig config, ConversionLayout layout) => layout == ConversionLayout.Diffusers
        ? new JsonObject
        {
            ["architectures"] = new JsonArray("UMT5EncoderModel"),
            ["model_type"] = "umt5",
            ["d_model"] = config.Dim,
            ["d_kv"] = config.AttentionDim / config.NumHeads,
            ["d_ff"] = config.FeedForwardDim,
            ["num_heads"] = config.NumHeads,
            ["num_layers"] = config.NumLayers,
            ["vocab_size"] = config.VocabularySize,
            ["relative_attention_num_buckets"] = config.NumBuckets,
            ["relative_attention_max_distance"] = config.MaxDistance,
            ["dropout_rate"] = 0.1,
            ["feed_forward_proj"] = "gated-gelu",
            ["dense_act_fn"] = "gelu_new",
            ["is_gated_act"] = true,
            ["layer_norm_epsilon"] = config.Epsilon,
            ["pad_token_id"] = 0,
            ["eos_token_id"] = 1,
            ["tie_word_embeddings"] = false,
        }
        : new JsonObject
        {
            ["vocab"] = config.VocabularySize,
            ["dim"] = config.Dim,
            ["dim_attn"] = config.AttentionDim,
            ["dim_ffn"] = config.FeedForwardDim,
            ["num_heads"] = config.NumHeads,
            ["num_layers"] = config.NumLayers,
            ["num_buckets"] = config.NumBuckets,
            ["shared_pos"] = config.SharedPositionBias,
            ["max_dist"] = config.MaxDistance,
            ["eps"] = config.Epsilon,
        };

    /// <summary><c>model_index.json</c> of diffusers.</summary>
    /// <param name="boundaryRatio">Of two experts where the second takes over; null: there is one transformer.</param>
    /// <param name="takesFirstFrame">Whether clips may begin with a picture at timestep 0.</param>
    /// <param name="needsFirstFrame">Whether they must, in channels of their own.</param>
    /// <param name="hasImageEncoder">Whether the transformer attends to pictures.</param>
    public static JsonObject Index(double? boundaryRatio, bool takesFirstFrame, bool needsFirstFrame, bool hasImageEncoder)
    {
        JsonObject index = Index(boundaryRatio, takesFirstFrame, needsFirstFrame);
        if (hasImageEncoder)
        {
            index["image_encoder"] = new JsonArray("transformers", "CLIPVisionModel");
            index["image_processor"] = new JsonArray("transformers", "CLIPImageProcessor");
        }

        return index;
    }

    private static JsonObject Index(double? boundaryRatio, bool takesFirstFrame, bool needsFirstFrame) => new()
    {
        ["_class_name"] = needsFirstFrame ? "WanImageToVideoPipeline" : "WanPipeline",
        ["boundary_ratio"] = boundaryRatio,
        ["expand_timesteps"] = takesFirstFrame && !needsFirstFrame,
        ["scheduler"] = new JsonArray("diffusers", "UniPCMultistepScheduler"),
        ["text_encoder"] = new JsonArray("transformers", "UMT5EncoderModel"),
        ["tokenizer"] = new JsonArray("transformers", "T5TokenizerFast"),
        ["transformer"] = new JsonArray("diffusers", "WanTransformer3DModel"),
        ["transformer_2"] = boundaryRatio is null ? new JsonArray(null, null) : new JsonArray("diffusers", "WanTransformer3DModel"),
        ["vae"] = new JsonArray("diffusers", "AutoencoderKLWan"),
    };

    /// <summary><c>scheduler_config.json</c> of diffusers.</summary>
    /// <param name="shift">The model's shift.</param>
    public static JsonObject Scheduler(double shift) => new()
    {
        ["_class_name"] = "UniPCMultistepScheduler",
        ["flow_shift"] = shift,
        ["num_train_timesteps"] = 1000,
        ["prediction_type"] = "flow_prediction",
        ["solver_order"] = 2,
        ["solver_type"] = "bh2",
        ["use_flow_sigmas"] = true,
    };

    private static JsonArray Array<T>(IEnumerable<T> values) => JsonSerializer.SerializeToNode(values)!.AsArray();
}
