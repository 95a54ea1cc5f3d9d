namespace MedGen.Model.Checkpoints;

/// <summary>
/// The files that a model folder holds, by what they are for. Paths are full; a part that is not there is null or empty and is told in
/// <see cref="Missing"/>.
/// </summary>
public sealed record ModelFiles
{
    /// <summary>The folder that was asked for.</summary>
    public required string Folder { get; init; }

    /// <summary>The model's <c>medgen.json</c>, which need not be there.</summary>
    public required string Card { get; init; }

    /// <summary>How it is laid out.</summary>
    public required ModelLayout Layout { get; init; }

    /// <summary>The transformer's base weights: one file, or shards in order.</summary>
    public required IReadOnlyList<string> Transformer { get; init; }

    /// <summary>
    /// The low-noise expert of a model with two (Wan 2.2 A14B), whose high-noise expert is <see cref="Transformer"/>; empty: there is one
    /// transformer.
    /// </summary>
    public IReadOnlyList<string> LowNoiseTransformer { get; init; } = [];

    /// <summary>The low-noise expert's config; null: there is none.</summary>
    public string? LowNoiseTransformerConfig { get; init; }

    /// <summary>Share of 1,000 timesteps from which on the high-noise expert predicts, by <c>boundary_ratio</c>; null: not stated.</summary>
    public double? BoundaryRatio { get; init; }

    /// <summary>A fine-tune that lies beside the base: full weights or an adapter; null: none.</summary>
    public string? FineTune { get; init; }

    /// <summary>The transformer's config; null: dimensions are inferred from the weights.</summary>
    public string? TransformerConfig { get; init; }

    /// <summary>The autoencoder's weights.</summary>
    public string? Autoencoder { get; init; }

    /// <summary>The autoencoder's config; null: dimensions are inferred from the weights.</summary>
    public string? AutoencoderConfig { get; init; }

    /// <summary>The text encoder's weights: one file, or shards in order.</summary>
    public required IReadOnlyList<string> TextEncoder { get; init; }

    /// <summary>The text encoder's config; null: dimensions are inferred from the weights.</summary>
    public string? TextEncoderConfig { get; init; }

    /// <summary>The tokenizer: <c>spiece.model</c>, <c>tokenizer.json</c>, or the text encoder's file where it holds one.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The image encoder's weights (Wan 2.1's image to video): one file, or shards in order; empty: there is none.</summary>
    public IReadOnlyList<string> ImageEncoder { get; init; } = [];

    /// <summary>The image encoder's config; null: dimensions are inferred from the weights.</summary>
    public string? ImageEncoderConfig { get; init; }

    /// <summary>What is not there, one sentence each; empty: the folder is complete.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>What the folder states and this platform does not do, one sentence each; empty: everything that it states is used.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>The timestep shift that the scheduler's config states; null: none.</summary>
    public double? Shift { get; init; }

    /// <summary>
    /// Whether clips may begin with a picture whose tokens are told timestep 0, by <c>expand_timesteps</c> of a model_index.json; null: not stated.
    /// </summary>
    public bool? ExpandsTimesteps { get; init; }

    /// <summary>All weight files that are there.</summary>
    public IEnumerable<string> Weights
    {
        get
        {
            IEnumerable<string?> all = [.. Transformer, .. LowNoiseTransformer, FineTune, Autoencoder, .. TextEncoder, .. ImageEncoder];
            return all.OfType<string>();
        }
    }
}
