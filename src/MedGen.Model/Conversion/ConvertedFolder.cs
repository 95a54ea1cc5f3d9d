using System.Text.Json;
using System.Text.Json.Nodes;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.ImageEncoders;
using MedGen.Model.Transformers;
using MedGen.Sdk.Models;
using MedGen.Torch.Safetensors;

namespace MedGen.Model.Conversion;

/// <summary>A model folder in another layout.</summary>
/// <param name="source">The model, complete.</param>
/// <param name="folder">Where to write; an empty folder.</param>
/// <param name="layout">Whose names and folders.</param>
/// <param name="type">BF16 or F8_E4M3.</param>
internal sealed class ConvertedFolder(ModelFolder source, string folder, ConversionLayout layout, SafetensorsDataType type)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Named = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly ModelFiles _files = source.Files;
    private readonly JsonObject _named = [];

    /// <summary>Writes all of it.</summary>
    public void Write()
    {
        bool hasExperts = _files.LowNoiseTransformer.Count > 0;
        WanTransformerConfig config = WriteTransformer(_files.Transformer, _files.TransformerConfig, _files.FineTune, isLowNoise: false, hasExperts);
        if (hasExperts)
        {
            WriteTransformer(_files.LowNoiseTransformer, _files.LowNoiseTransformerConfig, null, isLowNoise: true, hasExperts);
        }

        WriteText();
        WriteAutoencoder();
        WriteImageEncoder();
        bool takesFirstFrame = TakesFirstFrame(config);
        if (layout == ConversionLayout.Diffusers)
        {
            double? boundary = hasExperts ? _files.BoundaryRatio ?? ModelBoundary.Released(config.ConditionChannels > 0) : null;
            WriteJson(
                "model_index.json",
                ConversionConfigs.Index(boundary, takesFirstFrame, config.ConditionChannels > 0, _files.ImageEncoder.Count > 0));
            WriteJson(Path.Combine("scheduler", "scheduler_config.json"), ConversionConfigs.Scheduler(source.Defaults.Shift));
        }

        foreach (string name in new[] { PromptLexicon.FileName, TrainingData.FileName })
        {
            Copy(Path.Combine(_files.Folder, name), name);
        }

        WriteJson(ModelCard.FileName, Card());
    }

    private WanTransformerConfig WriteTransformer(
        IReadOnlyList<string> paths, string? configPath, string? overlay, bool isLowNoise, bool hasExperts)
    {
        using ConvertedPart part = ConvertedPart.Open(WeightPart.Transformer, paths, overlay);
        WanTransformerConfig config = WanTransformerConfig.Read(part.Shapes, configPath);
        string file = layout switch
        {
            ConversionLayout.Diffusers => Path.Combine(isLowNoise ? "transformer_2" : "transformer", "diffusion_pytorch_model.safetensors"),
            ConversionLayout.ComfyUI => Path.Combine(
                "diffusion_models", $"{source.Name}{(isLowNoise ? "_low_noise" : hasExperts ? "_high_noise" : "")}.safetensors"),
            _ => Path.Combine(isLowNoise ? "low_noise_model" : hasExperts ? "high_noise_model" : "", "diffusion_pytorch_model.safetensors"),
        };
        Name(isLowNoise ? "low_noise_transformer" : "transformer", file);
        part.Write(Prepared(file), layout, type);
        WriteJson(Path.Combine(Path.GetDirectoryName(file)!, "config.json"), ConversionConfigs.Transformer(config, TakesFirstFrame(config), layout));
        return config;
    }

    private bool TakesFirstFrame(WanTransformerConfig config) => _files.ExpandsTimesteps ?? config.TakesFirstFrame;

    private void WriteText()
    {
        using ConvertedPart part = ConvertedPart.Open(WeightPart.TextEncoder, _files.TextEncoder);
        TextEncoders.UMT5EncoderConfig config = ModelFolder.TextEncoderConfig(part.Shapes, _files.TextEncoderConfig, part.Statements);
        string suffix = type == SafetensorsDataType.F8E4M3 ? "fp8_e4m3fn_scaled" : "bf16";
        string file = layout switch
        {
            ConversionLayout.Diffusers => Path.Combine("text_encoder", "model.safetensors"),
            ConversionLayout.ComfyUI => Path.Combine("text_encoders", $"umt5_xxl_{suffix}.safetensors"),
            _ => $"models_t5_umt5-xxl-enc-{(type == SafetensorsDataType.F8E4M3 ? "fp8" : "bf16")}.safetensors",
        };
        byte[]? tokenizer = SentencePiece();
        Name("text_encoder", file);
        part.Write(Prepared(file), layout, type, layout == ConversionLayout.ComfyUI ? tokenizer : null);
        WriteJson(
            layout == ConversionLayout.Released ? "text_encoder_config.json" : Path.Combine(Path.GetDirectoryName(file)!, "config.json"),
            ConversionConfigs.TextEncoder(config, layout));
        string place = layout switch
        {
            ConversionLayout.Diffusers => "tokenizer",
            ConversionLayout.ComfyUI => "text_encoders",
            _ => tokenizer is null ? "" : Path.Combine("google", "umt5-xxl"),
        };
        if (tokenizer is null)
        {
            Copy(_files.Tokenizer!, Path.Combine(place, "tokenizer.json"));
        }
        else if (layout != ConversionLayout.ComfyUI)
        {
            File.WriteAllBytes(Prepared(Path.Combine(place, "spiece.model")), tokenizer);
        }
    }

    // Null: the tokenizer is a tokenizer.json.
    private byte[]? SentencePiece()
    {
        string path = _files.Tokenizer!;
        if (Path.GetExtension(path) != ".safetensors")
        {
            return Path.GetExtension(path) == ".json" ? null : File.ReadAllBytes(path);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        using TorchSharp.torch.Tensor bytes = file.Read(TextEncoders.UMT5EncoderKeys.TokenizerName);
        return bytes.bytes.ToArray();
    }

    private void WriteAutoencoder()
    {
        using ConvertedPart part = ConvertedPart.Open(WeightPart.Autoencoder, [_files.Autoencoder!]);
        WanAutoencoderConfig config = ModelFolder.AutoencoderConfig(part.Shapes, _files.AutoencoderConfig, _files.Autoencoder!);
        string release = config.IsResidual ? "2.2" : "2.1";
        string file = layout switch
        {
            ConversionLayout.Diffusers => Path.Combine("vae", "diffusion_pytorch_model.safetensors"),
            ConversionLayout.ComfyUI => Path.Combine("vae", $"wan_{release}_vae.safetensors"),
            _ => $"Wan{release}_VAE.safetensors",
        };
        Name("autoencoder", file);
        part.Write(Prepared(file), layout, type);
        WriteJson(
            layout == ConversionLayout.Released ? "vae_config.json" : Path.Combine("vae", "config.json"),
            ConversionConfigs.Autoencoder(config, layout));
    }

    // As it is, unless diffusers shall read what was Wan's.
    private void WriteImageEncoder()
    {
        if (layout == ConversionLayout.Diffusers && _files.ImageEncoder.Count > 0)
        {
            WriteImageEncoderForDiffusers();
            return;
        }

        foreach (string path in _files.ImageEncoder)
        {
            string file = layout == ConversionLayout.ComfyUI ? Path.Combine("clip_vision", Path.GetFileName(path)) : Path.GetFileName(path);
            Name("image_encoder", file);
            Copy(path, file);
        }

        if (_files.ImageEncoderConfig is { } config)
        {
            Copy(config, layout == ConversionLayout.ComfyUI ? Path.Combine("clip_vision", "config.json") : "image_encoder_config.json");
        }
    }

    private void WriteImageEncoderForDiffusers()
    {
        ClipVisionConfig config = source.ReadImageEncoderConfig();
        string file = Path.Combine("image_encoder", "model.safetensors");
        using ConvertedImageEncoder encoder = ConvertedImageEncoder.Open(_files.ImageEncoder);
        encoder.Write(Prepared(file));
        Name("image_encoder", file);
        WriteJson(Path.Combine("image_encoder", "config.json"), ConvertedImageEncoder.Config(config));
        WriteJson(Path.Combine("image_processor", "preprocessor_config.json"), ConvertedImageEncoder.Processor(config));
    }

    private JsonObject Card()
    {
        JsonObject card = new()
        {
            ["name"] = source.Name,
            ["trained"] = source.IsTrained,
            ["defaults"] = JsonSerializer.SerializeToNode(source.Defaults, Named),
        };
        if (layout == ConversionLayout.ComfyUI)
        {
            card["files"] = _named;
        }

        return card;
    }

    private void Name(string part, string file) => _named[part] = file.Replace('\\', '/');

    private string Prepared(string file)
    {
        string path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private void Copy(string from, string file)
    {
        if (File.Exists(from))
        {
            File.Copy(from, Prepared(file));
        }
    }

    private void WriteJson(string file, JsonObject content) => File.WriteAllText(Prepared(file), content.ToJsonString(Indented) + "\n");
}
