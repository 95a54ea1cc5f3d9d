using System.Text.Json.Nodes;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// What the JSON files of a model folder state beside the sizes of the parts, in the names of diffusers 0.35 (<c>WanPipeline</c>,
/// <c>WanTransformer3DModel</c>,
/// <c>AutoencoderKLWan</c>, the schedulers' configs) and of Wan's releases: used where the platform can, otherwise told by name.
/// </summary>
internal static class FolderStatements
{
    private static readonly StatementList Index = new(new Dictionary<string, string[]>
    {
        ["_class_name"] = ["\"WanPipeline\"", "\"WanImageToVideoPipeline\""],
        ["_diffusers_version"] = [],
        ["_name_or_path"] = [],
        ["boundary_ratio"] = [],
        ["expand_timesteps"] = ["true"],
        ["image_encoder"] = ["[\"transformers\",\"CLIPVisionModel\"]", "[\"transformers\",\"CLIPVisionModelWithProjection\"]"],
        ["image_processor"] = ["[\"transformers\",\"CLIPImageProcessor\"]"], // pictures are brought to size as in Wan's own code
        ["scheduler"] = [],
        ["text_encoder"] = ["[\"transformers\",\"UMT5EncoderModel\"]"],
        ["tokenizer"] = [],
        ["transformer"] = ["[\"diffusers\",\"WanTransformer3DModel\"]"],
        ["transformer_2"] = ["[\"diffusers\",\"WanTransformer3DModel\"]"],
        ["vae"] = ["[\"diffusers\",\"AutoencoderKLWan\"]"],
    });

    // The sampler itself is the request's; what its config says of the noise schedule must be flow matching over 1000 steps.
    private static readonly StatementList Scheduler = new(new Dictionary<string, string[]>
    {
        ["_class_name"] = ["\"UniPCMultistepScheduler\"", "\"DPMSolverMultistepScheduler\"", "\"FlowMatchEulerDiscreteScheduler\""],
        ["_diffusers_version"] = [],
        ["algorithm_type"] = ["\"dpmsolver++\""],
        ["base_image_seq_len"] = [],
        ["base_shift"] = [],
        ["beta_end"] = [],
        ["beta_schedule"] = [],
        ["beta_start"] = [],
        ["dynamic_thresholding_ratio"] = [],
        ["euler_at_final"] = [],
        ["final_sigmas_type"] = ["\"zero\""],
        ["flow_shift"] = [],
        ["lambda_min_clipped"] = [],
        ["lower_order_final"] = ["true"],
        ["max_image_seq_len"] = [],
        ["max_shift"] = [],
        ["num_train_timesteps"] = ["1000"],
        ["predict_x0"] = ["true"],
        ["prediction_type"] = ["\"flow_prediction\""],
        ["sample_max_value"] = [],
        ["shift"] = [],
        ["solver_order"] = ["2"],
        ["solver_type"] = ["\"bh2\"", "\"midpoint\""],
        ["steps_offset"] = ["0"],
        ["time_shift_type"] = [],
        ["timestep_spacing"] = ["\"linspace\""],
        ["use_flow_sigmas"] = ["true"],
    });

    private static readonly StatementList Transformer = new(new Dictionary<string, string[]>
    {
        ["_class_name"] = ["\"WanModel\"", "\"WanTransformer3DModel\""],
        ["_diffusers_version"] = [],
        ["_name_or_path"] = [],
        ["__name__"] = [],
        ["added_kv_proj_dim"] = [],
        ["attention_head_dim"] = [],
        ["cross_attn_norm"] = [],
        ["dim"] = [],
        ["eps"] = [],
        ["ffn_dim"] = [],
        ["freq_dim"] = [],
        ["image_dim"] = [], // the weights say whether there is an image side
        ["in_channels"] = [],
        ["in_dim"] = [],
        ["model_type"] = ["\"t2v\"", "\"ti2v\"", "\"i2v\""],
        ["num_attention_heads"] = [],
        ["num_heads"] = [],
        ["num_layers"] = [],
        ["out_channels"] = [],
        ["out_dim"] = [],
        ["patch_size"] = [],
        ["qk_norm"] = ["true", "\"rms_norm_across_heads\""],
        ["rope_max_seq_len"] = [],
        ["text_dim"] = [],
        ["text_len"] = [],
        ["window_size"] = [],
    });

    private static readonly StatementList Autoencoder = new(new Dictionary<string, string[]>
    {
        ["_class_name"] = ["\"WanVAE_\"", "\"AutoencoderKLWan\""],
        ["_diffusers_version"] = [],
        ["_name_or_path"] = [],
        ["attn_scales"] = [],
        ["base_dim"] = [],
        ["clip_output"] = [], // without effect there: the class always clamps, as frames do here
        ["dec_dim"] = [],
        ["decoder_base_dim"] = [],
        ["dim"] = [],
        ["dim_mult"] = [],
        ["dropout"] = [],
        ["in_channels"] = [],
        ["is_residual"] = [],
        ["latents_mean"] = [],
        ["latents_std"] = [],
        ["mean"] = [],
        ["num_res_blocks"] = [],
        ["out_channels"] = [],
        ["patch_size"] = [],
        ["scale_factor_spatial"] = [],
        ["scale_factor_temporal"] = [],
        ["std"] = [],
        ["temperal_downsample"] = [],
        ["temporal_downsample"] = [],
        ["z_dim"] = [],
    });

    // Of Wan (vocab, dim, ...) and of transformers' UMT5Config.
    private static readonly StatementList TextEncoder = new(new Dictionary<string, string[]>
    {
        ["_name_or_path"] = [],
        ["architectures"] = [],
        ["classifier_dropout"] = [],
        ["d_ff"] = [],
        ["d_kv"] = [],
        ["d_model"] = [],
        ["decoder_start_token_id"] = [],
        ["dense_act_fn"] = ["\"gelu_new\""],
        ["dim"] = [],
        ["dim_attn"] = [],
        ["dim_ffn"] = [],
        ["dropout"] = [],
        ["dropout_rate"] = [],
        ["dtype"] = [],
        ["eos_token_id"] = [],
        ["eps"] = [],
        ["feed_forward_proj"] = ["\"gated-gelu\""],
        ["initializer_factor"] = [],
        ["is_encoder_decoder"] = [],
        ["is_gated_act"] = ["true"],
        ["layer_norm_epsilon"] = [],
        ["max_dist"] = [],
        ["model_type"] = ["\"umt5\""],
        ["num_buckets"] = [],
        ["num_decoder_layers"] = [],
        ["num_heads"] = [],
        ["num_layers"] = [],
        ["output_past"] = [],
        ["pad_token_id"] = [],
        ["relative_attention_max_distance"] = [],
        ["relative_attention_num_buckets"] = [],
        ["scalable_attention"] = [],
        ["shared_pos"] = [],
        ["tie_word_embeddings"] = [],
        ["tokenizer_class"] = [],
        ["torch_dtype"] = [],
        ["transformers_version"] = [],
        ["use_cache"] = [],
        ["vocab"] = [],
        ["vocab_size"] = [],
    });

    /// <summary>Adds what the files of a folder state.</summary>
    /// <param name="files">The files as they were found.</param>
    /// <param name="root">Where model_index.json of a diffusers folder would lie.</param>
    public static ModelFiles Read(ModelFiles files, string root)
    {
        List<string> refused = [];
        JsonObject? Take(string? path, StatementList list)
        {
            if (path is null || !File.Exists(path))
            {
                return null;
            }

            JsonObject json = JsonFile.ReadObject(path);
            refused.AddRange(list.Refuse(Path.GetRelativePath(root, path).Replace('\\', '/'), json));
            return json;
        }

        Take(files.TransformerConfig, Transformer);
        Take(files.LowNoiseTransformerConfig, Transformer);
        Take(files.AutoencoderConfig, Autoencoder);
        Take(files.TextEncoderConfig, TextEncoder);
        if (files.Layout != ModelLayout.Diffusers)
        {
            return files with { Unsupported = refused };
        }

        JsonObject? index = Take(Path.Combine(root, "model_index.json"), Index);
        bool hasExperts = files.LowNoiseTransformer.Count > 0;
        double? boundary = Number(index, "boundary_ratio");
        if (!hasExperts && (boundary is not null || index?["transformer_2"] is JsonArray experts && experts.Any(part => part is not null)))
        {
            refused.Add("model_index.json states a second expert (boundary_ratio, transformer_2), and the folder transformer_2 holds no weights");
        }

        if (boundary is <= 0 or >= 1)
        {
            refused.Add($"model_index.json states boundary_ratio {boundary}; supported: above 0 and below 1");
        }

        JsonObject? scheduler = Take(Path.Combine(root, "scheduler", "scheduler_config.json"), Scheduler);
        return files with
        {
            Unsupported = refused,
            Shift = Number(scheduler, "flow_shift") ?? Number(scheduler, "shift"),
            BoundaryRatio = boundary,
            ExpandsTimesteps = index?["expand_timesteps"] is JsonValue stated && stated.TryGetValue(out bool expands) ? expands : null,
        };
    }

    private static double? Number(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue(out double number) ? number : null;
}
