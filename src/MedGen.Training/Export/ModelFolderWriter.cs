using MedGen.Datasets.Specifications;
using MedGen.Sdk.Models;
using MedGen.Sdk.Files;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Operations;
using static TorchSharp.torch;

namespace MedGen.Training.Export;

/// <summary>Writes trained parts into a folder of the released MedGen layout, which <see cref="ModelFolder"/> reads.</summary>
/// <param name="folder">The folder; it is made when the first part is written.</param>
/// <param name="name">Name of the model.</param>
/// <param name="defaults">What a generation takes where a request says nothing; null: the model cannot generate yet, or makes what Wan 2.1
/// makes.</param>
internal sealed class ModelFolderWriter(string folder, string name, GenerationDefaults? defaults = null)
{
    private const string AutoencoderFile = "Wan2.1_VAE.safetensors";
    private const string AutoencoderConfigFile = "vae_config.json";
    private const string TextEncoderFile = "models_t5_umt5-enc.safetensors";
    private const string TextEncoderConfigFile = "text_encoder_config.json";
    private const string TransformerFile = "diffusion_pytorch_model.safetensors";
    private const string TransformerConfigFile = "config.json";
    private const string TokenizerFile = "spiece.model";

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Path of the tokenizer.</summary>
    public string TokenizerPath => Path.Combine(folder, TokenizerFile);

    /// <summary>Path of the adapter.</summary>
    public string AdapterPath => Path.Combine(folder, $"{name}-lora.safetensors");

    /// <summary>Rounds weights to what they are stored in.</summary>
    /// <param name="weights">Weights by name.</param>
    /// <param name="storage"><c>float32</c> or <c>bfloat16</c>.</param>
    /// <returns>Tensors in the current dispose scope.</returns>
    public static IReadOnlyDictionary<string, Tensor> Rounded(IReadOnlyDictionary<string, Tensor> weights, string storage) =>
        storage == NumberType.Bfloat16
        ? weights.ToDictionary(pair => pair.Key, pair => pair.Value.to_type(ScalarType.BFloat16), StringComparer.Ordinal)
        : weights;

    /// <summary>Writes the autoencoder.</summary>
    public void WriteAutoencoder(IReadOnlyDictionary<string, Tensor> weights, WanAutoencoderConfig config)
    {
        WriteJson(AutoencoderConfigFile, new
        {
            config.Dim, ZDim = config.LatentChannels, DimMult = config.Multipliers, NumResBlocks = config.NumResidualBlocks,
            AttnScales = Array.Empty<double>(),
            TemperalDownsample = config.TemporalDownsample, Dropout = 0.0, Mean = config.LatentMean, Std = config.LatentStd,
        });
        WriteWeights(AutoencoderFile, weights);
    }

    /// <summary>Writes the text encoder.</summary>
    public void WriteTextEncoder(IReadOnlyDictionary<string, Tensor> weights, UMT5EncoderConfig config)
    {
        WriteJson(TextEncoderConfigFile, new
        {
            Vocab = config.VocabularySize, config.Dim, DimAttn = config.AttentionDim, DimFfn = config.FeedForwardDim, config.NumHeads,
            config.NumLayers,
            config.NumBuckets, MaxDist = config.MaxDistance, SharedPos = config.SharedPositionBias,
        });
        WriteWeights(TextEncoderFile, weights);
    }

    /// <summary>Writes the transformer.</summary>
    public void WriteTransformer(IReadOnlyDictionary<string, Tensor> weights, WanTransformerConfig config)
    {
        WriteJson(TransformerConfigFile, new
        {
            ModelType = config.TakesFirstFrame ? "ti2v" : "t2v", config.Dim, FfnDim = config.FfnDim, config.NumHeads, config.NumLayers,
            config.FreqDim, config.TextDim,
            TextLen = config.TextLength, InDim = config.InChannels, OutDim = config.OutChannels, config.Eps,
        });
        WriteWeights(TransformerFile, weights);
    }

    /// <summary>Writes the tokenizer.</summary>
    public void WriteTokenizer(byte[] model) => Replace(TokenizerFile, path => File.WriteAllBytes(path, model));

    /// <summary>Writes the words that the model was trained on.</summary>
    public void WriteLexicon(PromptLexicon lexicon) =>
        Replace(PromptLexicon.FileName, path => File.WriteAllLines(path, lexicon.Words));

    /// <summary>Writes what the model was trained on; null: that of a part of it is not known, and the folder says nothing.</summary>
    public void WriteTrainingData(TrainingData? data)
    {
        if (data is null)
        {
            Directory.CreateDirectory(folder);
            File.Delete(Path.Combine(folder, TrainingData.FileName));
            return;
        }

        Replace(TrainingData.FileName, path => File.WriteAllText(path, data.ToJson()));
    }

    /// <summary>Writes what the adapter alone was trained on, beside it.</summary>
    public void WriteAdapterTrainingData(TrainingData data) =>
        Replace($"{name}-lora.{TrainingData.FileName}", path => File.WriteAllText(path, data.ToJson()));

    /// <summary>Writes an adapter beside the base.</summary>
    public void WriteAdapter(IReadOnlyDictionary<string, Tensor> weights)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(AdapterPath, weights, new Dictionary<string, string> { ["format"] = "pt" });
        WriteCard();
    }

    /// <summary>Puts parts of another model into the folder: small ones as copies, weights as links, because a base can have 30 GB.</summary>
    /// <param name="files">The other model.</param>
    /// <param name="transformer">Whether its transformer is taken.</param>
    /// <param name="text">Whether its text encoder and tokenizer are taken.</param>
    /// <param name="autoencoder">Whether its autoencoder is taken.</param>
    public void Adopt(ModelFiles files, bool transformer, bool text, bool autoencoder)
    {
        if (transformer)
        {
            Take(files.TransformerConfig, TransformerConfigFile);
            if (files.FineTune is { } full)
            {
                // The base under a fine-tune of all weights is not needed any more.
                Take(full, TransformerFile);
            }
            else
            {
                TakeAll(files.Transformer);
            }
        }

        if (text)
        {
            Take(files.TextEncoderConfig, TextEncoderConfigFile);
            TakeAll(files.TextEncoder);
            // A tokenizer within the text encoder's file is there already.
            if (!files.TextEncoder.Contains(files.Tokenizer))
            {
                AdoptTokenizer(files);
            }
        }

        if (autoencoder)
        {
            Take(files.AutoencoderConfig, AutoencoderConfigFile);
            TakeAll(files.Autoencoder is null ? [] : [files.Autoencoder]);
        }
    }

    /// <summary>Puts another model's tokenizer into the folder.</summary>
    public void AdoptTokenizer(ModelFiles files) => Take(files.Tokenizer, Path.GetFileName(files.Tokenizer ?? ""));

    private void TakeAll(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            Take(path, Path.GetFileName(path));
        }
    }

    private void Take(string? path, string target)
    {
        const long Small = 1 << 26;
        if (path is null || Path.GetFullPath(path) == Path.GetFullPath(target, folder))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        string full = Path.GetFullPath(target, folder);
        File.Delete(full);
        if (new FileInfo(path).Length > Small)
        {
            File.CreateSymbolicLink(full, Path.GetFullPath(path));
        }
        else
        {
            File.Copy(path, full);
        }
    }

    private void WriteWeights(string file, IReadOnlyDictionary<string, Tensor> weights)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, file), weights, new Dictionary<string, string> { ["format"] = "pt" });
        WriteCard();
    }

    private void WriteCard() => WriteJson("medgen.json", new { Name = name, Trained = true, Defaults = defaults });

    private void WriteJson(string file, object content) => Replace(file, path => File.WriteAllText(path, SpecificationJson.Text(content)));

    private void Replace(string file, Action<string> write)
    {
        Directory.CreateDirectory(folder);
        WholeFile.Write(Path.Combine(folder, file), write);
    }
}
