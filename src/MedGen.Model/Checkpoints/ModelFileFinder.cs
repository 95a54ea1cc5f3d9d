using MedGen.Sdk.Errors;
using MedGen.Model.Adapters;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// Finds out which layout a folder has and which file is what, by their names; a fine-tune, which may have any name, by its header.
/// </summary>
internal static class ModelFileFinder
{
    private const string HighNoise = "high_noise_model";
    private const string LowNoise = "low_noise_model";
    private const string TransformerStem = "diffusion_pytorch_model";

    private static readonly string[] TransformerParts =
        ["blocks.", "patch_embedding.", "text_embedding.", "time_embedding.", "time_projection.", "head."];

    /// <summary>Finds the files of a model.</summary>
    /// <exception cref="ModelFormatException">The folder does not exist, holds no model at all, or more than one fine-tune.</exception>
    public static ModelFiles Find(string folder)
    {
        string full = Path.GetFullPath(folder);
        string name = Path.GetFileName(full.TrimEnd(Path.DirectorySeparatorChar));
        if (!Directory.Exists(full))
        {
            throw new ModelFormatException(name, $"There is no model folder '{name}'.");
        }

        string models = Path.Combine(full, "models");
        ModelFiles files = Directory.Exists(Path.Combine(full, "transformer")) ? FolderStatements.Read(Diffusers(full, full), full)
            : Directory.Exists(Path.Combine(models, "transformer")) ? FolderStatements.Read(Diffusers(full, models), models)
            : FolderStatements.Read(Released(full), full);
        return files.Weights.Any()
            ? files
            : throw new ModelFormatException(
                name,
                $"{name} holds no model: expected {TransformerStem}*.safetensors, Wan2.1_VAE.safetensors and models_t5_*.safetensors, the last two "
                + "also as .pth (released layout), "
                + $"or the folders transformer, vae and text_encoder (diffusers layout){Gguf(full)}.");
    }

    private static ModelFiles Released(string folder)
    {
        string models = Path.Combine(folder, "models");
        string root = Directory.Exists(models) && Directory.EnumerateFiles(models, "*.safetensors").Any() ? models : folder;
        List<string> missing = [];
        IReadOnlyList<string> transformer = ShardFinder.Find(root, TransformerStem, missing);
        bool hasExperts = transformer.Count == 0 && Directory.Exists(Path.Combine(root, HighNoise)) && Directory.Exists(Path.Combine(root, LowNoise));
        if (hasExperts)
        {
            transformer = ShardFinder.Find(Path.Combine(root, HighNoise), TransformerStem, missing);
        }

        IReadOnlyList<string> textEncoder = ShardFinder.Find(root, "models_t5", missing) is { Count: > 0 } found
            ? found
            : [.. Directory.EnumerateFiles(root, "models_t5*.pth").Order(StringComparer.Ordinal).Take(1)];
        string[] others = [.. Directory.EnumerateFiles(root, "*.safetensors").Except(transformer).Except(textEncoder).Order(StringComparer.Ordinal)];
        string? autoencoder = others.Concat(Directory.EnumerateFiles(root, "*.pth").Order(StringComparer.Ordinal))
            .FirstOrDefault(path => Path.GetFileName(path).Contains("vae", StringComparison.OrdinalIgnoreCase));
        string[] fineTunes = [.. others.Where(path => path != autoencoder && IsFineTune(path))];
        if (fineTunes.Length > 1)
        {
            string names = string.Join(", ", fineTunes.Select(Path.GetFileName));
            throw new ModelFormatException(
                Path.GetFileName(folder), $"{Path.GetFileName(folder)} holds several fine-tunes ({names}); keep one in the folder.");
        }

        string? fineTune = fineTunes.FirstOrDefault();
        if (transformer.Count == 0 && fineTune is not null)
        {
            (transformer, fineTune) = ([fineTune], null);
        }

        return Complete(new ModelFiles
        {
            Folder = folder,
            Layout = ModelLayout.Released,
            Transformer = transformer,
            FineTune = fineTune,
            TransformerConfig = Existing(hasExperts ? Path.Combine(root, HighNoise) : root, "config.json"),
            LowNoiseTransformer = hasExperts ? SecondExpert(Path.Combine(root, LowNoise), missing) : [],
            LowNoiseTransformerConfig = hasExperts ? Existing(Path.Combine(root, LowNoise), "config.json") : null,
            Autoencoder = autoencoder,
            AutoencoderConfig = Existing(root, "vae_config.json"),
            TextEncoder = textEncoder,
            TextEncoderConfig = Existing(root, "text_encoder_config.json"),
            Tokenizer = Existing(root, "spiece.model", Path.Combine("google", "umt5-xxl", "spiece.model"), "tokenizer.json"),
            Missing = missing,
        });
    }

    // What has no name of the transformer's belongs to something else. A broken file is kept, so that opening it tells why.
    private static bool IsFineTune(string path)
    {
        try
        {
            ICollection<string> keys = [.. SafetensorsHeader.Read(path, requireData: false).Tensors.Keys];
            return LoraAdapter.IsAdapter(keys) || keys.Select(key => WanTransformerKeys.ToOriginal(WrapperPrefixes.Strip(key)))
                .Any(name => Array.Exists(TransformerParts, part => name.StartsWith(part, StringComparison.Ordinal)));
        }
        catch (ModelFormatException)
        {
            return true;
        }
    }

    private static ModelFiles Diffusers(string folder, string root)
    {
        List<string> missing = [];
        string Part(string name) => Path.Combine(root, name);
        return Complete(new ModelFiles
        {
            Folder = folder,
            Layout = ModelLayout.Diffusers,
            Transformer = ShardFinder.Find(Part("transformer"), TransformerStem, missing),
            TransformerConfig = Existing(Part("transformer"), "config.json"),
            LowNoiseTransformer = Directory.Exists(Part("transformer_2")) ? SecondExpert(Part("transformer_2"), missing) : [],
            LowNoiseTransformerConfig = Existing(Part("transformer_2"), "config.json"),
            Autoencoder = ShardFinder.Find(Part("vae"), TransformerStem, missing) is [string autoencoder, ..] ? autoencoder : null,
            AutoencoderConfig = Existing(Part("vae"), "config.json"),
            TextEncoder = ShardFinder.Find(Part("text_encoder"), "model", missing),
            TextEncoderConfig = Existing(Part("text_encoder"), "config.json"),
            Tokenizer = Existing(Part("tokenizer"), "spiece.model", "tokenizer.json"),
            Missing = missing,
        });
    }

    private static IReadOnlyList<string> SecondExpert(string folder, List<string> missing)
    {
        IReadOnlyList<string> files = ShardFinder.Find(folder, TransformerStem, missing);
        if (files.Count == 0)
        {
            missing.Add($"no low-noise expert ({TransformerStem}*.safetensors) in {Path.GetFileName(folder)}");
        }

        return files;
    }

    private static ModelFiles Complete(ModelFiles files)
    {
        List<string> missing = [.. files.Missing];
        if (files.Transformer.Count == 0)
        {
            missing.Add($"no transformer ({TransformerStem}*.safetensors{Gguf(files.Folder)})");
        }

        if (files.LowNoiseTransformer.Count > 0 && files.FineTune is { } fineTune)
        {
            missing.Add($"no word on which of the two experts {Path.GetFileName(fineTune)} is for; a fine-tune beside two experts is not supported");
        }

        if (files.Autoencoder is null)
        {
            missing.Add("no autoencoder (Wan2.1_VAE.safetensors or .pth)");
        }

        if (files.TextEncoder.Count == 0)
        {
            missing.Add("no text encoder (models_t5_umt5-xxl-enc-bf16.safetensors or .pth)");
        }

        if (files.Tokenizer is null)
        {
            missing.Add("no tokenizer (spiece.model or tokenizer.json)");
        }

        return files with { Missing = missing };
    }

    private static string Gguf(string folder) =>
        Directory.EnumerateFiles(folder, "*.gguf", SearchOption.AllDirectories).FirstOrDefault() is { } file
            ? $"; {Path.GetFileName(file)} is GGUF, which is not supported"
            : "";

    private static string? Existing(string folder, params string[] names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
