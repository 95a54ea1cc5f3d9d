using MedGen.Sdk.Errors;
using MedGen.Model.TextEncoders;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Weights;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// Finds out which layout a folder has and which file is what: by their names, and where these say nothing (fine-tunes, files of ComfyUI, GGUF) by
/// the names of the weights in them.
/// </summary>
internal static class ModelFileFinder
{
    private const string HighNoise = "high_noise_model";
    private const string LowNoise = "low_noise_model";
    private const string TransformerStem = "diffusion_pytorch_model";
    private const string ImageStem = "models_clip";

    /// <summary>Finds the files of a model.</summary>
    /// <param name="path">A folder, or a card (<c>medgen.json</c> under any name) that names the files.</param>
    /// <exception cref="ModelFormatException">There is no such folder, it holds no model at all, or several files of which one is needed.</exception>
    public static ModelFiles Find(string path)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            return Path.GetExtension(full) == ".json" && ModelCard.Read(full).Files is { } named
                ? NamedFileFinder.Find(full, named)
                : throw new ModelFormatException(
                    Path.GetFileName(full),
                    $"{Path.GetFileName(full)} is a file; allowed: a model folder, or a {ModelCard.FileName} that names the parts' files under "
                        + "\"files\".");
        }

        string name = Path.GetFileName(full.TrimEnd(Path.DirectorySeparatorChar));
        if (!Directory.Exists(full))
        {
            throw new ModelFormatException(name, $"There is no model folder '{name}'.");
        }

        string card = Path.Combine(full, ModelCard.FileName);
        if (ModelCard.Read(card).Files is { } files)
        {
            return NamedFileFinder.Find(card, files);
        }

        string models = Path.Combine(full, "models");
        ModelFiles found = Directory.Exists(Path.Combine(full, "transformer")) ? FolderStatements.Read(Diffusers(full, full), full)
            : Directory.Exists(Path.Combine(models, "transformer")) ? FolderStatements.Read(Diffusers(full, models), models)
            : FolderStatements.Read(Released(full), full);
        return found.Weights.Any()
            ? found
            : throw new ModelFormatException(
                name,
                $"{name} holds no model: expected {TransformerStem}*.safetensors, Wan2.1_VAE.safetensors and models_t5_*.safetensors, the last two "
                + "also as .pth (released layout), single files of these parts in safetensors or GGUF, "
                + "or the folders transformer, vae and text_encoder (diffusers layout).");
    }

    /// <summary>The tokenizer of a text encoder: within its file, otherwise in a folder.</summary>
    public static string? TokenizerOf(IReadOnlyList<string> textEncoder, string? folder) => textEncoder.FirstOrDefault(HoldsTokenizer)
        ?? Existing(folder, "spiece.model", Path.Combine("google", "umt5-xxl", "spiece.model"), "tokenizer.json");

    /// <summary>Adds which parts are not there.</summary>
    public static ModelFiles Complete(ModelFiles files)
    {
        List<string> missing = [.. files.Missing];
        if (files.Transformer.Count == 0)
        {
            missing.Add($"no transformer ({TransformerStem}*.safetensors, or a single file in safetensors or GGUF)");
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
            missing.Add("no text encoder (models_t5_umt5-xxl-enc-bf16.safetensors or .pth, or a single file in safetensors or GGUF)");
        }

        if (files.Tokenizer is null)
        {
            missing.Add("no tokenizer (spiece.model or tokenizer.json)");
        }

        return files with { Missing = missing };
    }

    /// <summary>The first of some files that is there; null: none.</summary>
    public static string? Existing(string? folder, params string[] names) =>
        folder is null ? null : names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static ModelFiles Released(string folder)
    {
        string models = Path.Combine(folder, "models");
        string root = Directory.Exists(models) && Directory.EnumerateFiles(models).Any(IsOfOneFormat) ? models : folder;
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
        IReadOnlyList<string> imageEncoder = ShardFinder.Find(root, ImageStem, missing) is { Count: > 0 } images
            ? images
            : [.. Directory.EnumerateFiles(root, $"{ImageStem}*.pth").Order(StringComparer.Ordinal).Take(1)];
        string[] others =
        [
            .. Directory.EnumerateFiles(root).Where(IsOfOneFormat).Except([.. imageEncoder, .. transformer, .. textEncoder])
                .Order(StringComparer.Ordinal),
        ];
        string? autoencoder = others.Concat(Directory.EnumerateFiles(root, "*.pth").Order(StringComparer.Ordinal))
            .FirstOrDefault(path => Path.GetFileName(path).Contains("vae", StringComparison.OrdinalIgnoreCase));
        ILookup<WeightPart, string> byPart = others.Where(path => path != autoencoder).ToLookup(PartOf);
        if (textEncoder.Count == 0 && One(folder, byPart[WeightPart.TextEncoder], "text encoders") is { } encoder)
        {
            textEncoder = [encoder];
        }

        if (imageEncoder.Count == 0 && One(folder, byPart[WeightPart.ImageEncoder], "image encoders") is { } pictures)
        {
            imageEncoder = [pictures];
        }

        string? fineTune = One(folder, byPart[WeightPart.Transformer].Concat(byPart[WeightPart.Adapter]), "fine-tunes");
        if (transformer.Count == 0 && fineTune is not null)
        {
            (transformer, fineTune) = ([fineTune], null);
        }
        else if (fineTune is not null && WeightFile.IsGguf(fineTune))
        {
            // Another form of the same weights, most likely; which one is wanted is not for us to say.
            One(folder, [.. transformer, fineTune], "transformers");
        }

        return Complete(new ModelFiles
        {
            Folder = folder,
            Card = Path.Combine(folder, ModelCard.FileName),
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
            Tokenizer = TokenizerOf(textEncoder, root),
            ImageEncoder = imageEncoder,
            ImageEncoderConfig = Existing(root, "image_encoder_config.json"),
            Missing = missing,
        });
    }

    private static bool IsOfOneFormat(string path) => Path.GetExtension(path) is ".safetensors" or ".gguf";

    private static string? One(string folder, IEnumerable<string> paths, string what) => paths.ToArray() switch
    {
        [] => null,
        [var path] => path,
        var several => throw new ModelFormatException(
            Path.GetFileName(folder),
            $"{Path.GetFileName(folder)} holds several {what} ({string.Join(", ", several.Select(Path.GetFileName))}); keep one in the folder, or "
                + $"name the files under \"files\" in {ModelCard.FileName}."),
    };

    // A broken file is kept, so that opening it tells why.
    private static WeightPart PartOf(string path)
    {
        try
        {
            return WeightParts.Of(path);
        }
        catch (ModelFormatException)
        {
            return WeightPart.Transformer;
        }
    }

    private static bool HoldsTokenizer(string path)
    {
        if (WeightFile.IsGguf(path) || WeightFile.IsTorch(path))
        {
            return false;
        }

        try
        {
            return SafetensorsHeader.Read(path, requireData: false).Tensors.ContainsKey(UMT5EncoderKeys.TokenizerName);
        }
        catch (ModelFormatException)
        {
            // Opening the text encoder tells why.
            return false;
        }
    }

    private static ModelFiles Diffusers(string folder, string root)
    {
        List<string> missing = [];
        string Part(string name) => Path.Combine(root, name);
        return Complete(new ModelFiles
        {
            Folder = folder,
            Card = Path.Combine(folder, ModelCard.FileName),
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
            ImageEncoder = ShardFinder.Find(Part("image_encoder"), "model", missing),
            ImageEncoderConfig = Existing(Part("image_encoder"), "config.json"),
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
}
