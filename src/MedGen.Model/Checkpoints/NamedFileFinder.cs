using MedGen.Sdk.Errors;

namespace MedGen.Model.Checkpoints;

/// <summary>Finds the files that a card names, and what lies beside them: configs under the names of the releases, or as in diffusers.</summary>
internal static class NamedFileFinder
{
    private const string IndexEnding = ".safetensors.index.json";

    /// <summary>Finds them.</summary>
    /// <param name="card">The card.</param>
    /// <param name="names">What it names.</param>
    /// <exception cref="ModelFormatException">One is not there.</exception>
    public static ModelFiles Find(string card, NamedFiles names)
    {
        string folder = Path.GetDirectoryName(card)!;
        List<string> missing = [];
        IReadOnlyList<string> transformer = Shards(card, "transformer", names.Transformer, missing);
        IReadOnlyList<string> textEncoder = Shards(card, "text_encoder", names.TextEncoder, missing);
        IReadOnlyList<string> lowNoise = Shards(card, "low_noise_transformer", names.LowNoiseTransformer, missing);
        IReadOnlyList<string> imageEncoder = Shards(card, "image_encoder", names.ImageEncoder, missing);
        string? autoencoder = One(card, "autoencoder", names.Autoencoder);
        string? transformerFolder = FolderOf(transformer);
        return FolderStatements.Read(
            ModelFileFinder.Complete(new ModelFiles
            {
                Folder = folder,
                Card = card,
                Layout = ModelLayout.Named,
                Transformer = transformer,
                TransformerConfig = ModelFileFinder.Existing(transformerFolder, "config.json"),
                LowNoiseTransformer = lowNoise,
                LowNoiseTransformerConfig = ModelFileFinder.Existing(FolderOf(lowNoise), "config.json"),
                ImageEncoder = imageEncoder,
                ImageEncoderConfig = ConfigBeside(imageEncoder, "image_encoder_config.json"),
                Autoencoder = autoencoder,
                AutoencoderConfig = ConfigBeside(autoencoder is null ? [] : [autoencoder], "vae_config.json"),
                TextEncoder = textEncoder,
                TextEncoderConfig = ConfigBeside(textEncoder, "text_encoder_config.json"),
                Tokenizer = One(card, "tokenizer", names.Tokenizer) ?? ModelFileFinder.TokenizerOf(textEncoder, FolderOf(textEncoder)),
                Missing = missing,
            }),
            folder);

        // A config.json beside the transformer is the transformer's.
        string? ConfigBeside(IReadOnlyList<string> files, string name) => ModelFileFinder.Existing(FolderOf(files), name)
            ?? (FolderOf(files) == transformerFolder ? null : ModelFileFinder.Existing(FolderOf(files), "config.json"));
    }

    private static IReadOnlyList<string> Shards(string card, string part, string? name, List<string> missing) => One(card, part, name) switch
    {
        null => [],
        string index when index.EndsWith(IndexEnding, StringComparison.OrdinalIgnoreCase) =>
            ShardFinder.Find(Path.GetDirectoryName(index)!, Path.GetFileName(index)[..^IndexEnding.Length], missing),
        string file => [file],
    };

    private static string? One(string card, string part, string? name)
    {
        if (name is null)
        {
            return null;
        }

        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(card)!, name));
        string file = Path.GetFileName(card);
        return File.Exists(path) ? path : throw new ModelFormatException(file, $"{file}: files.{part} names '{name}', which is not there.");
    }

    private static string? FolderOf(IReadOnlyList<string> files) => files is [var file, ..] ? Path.GetDirectoryName(file) : null;
}
