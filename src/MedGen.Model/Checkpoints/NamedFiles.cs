namespace MedGen.Model.Checkpoints;

/// <summary>The files of a model by their part, as <c>files</c> of its card names them: paths, relative to the card.</summary>
/// <param name="Transformer">One file, or the index (<c>….safetensors.index.json</c>) of several; null: none.</param>
/// <param name="TextEncoder">Likewise.</param>
/// <param name="Tokenizer">A SentencePiece model or <c>tokenizer.json</c>; null: the one within or beside the text encoder.</param>
/// <param name="Autoencoder">One file; null: none.</param>
/// <param name="LowNoiseTransformer">Of a model with two experts the one for low noise, as the transformer; null: there is one transformer.</param>
/// <param name="ImageEncoder">As the transformer, for image to video of Wan 2.1; null: none.</param>
internal sealed record NamedFiles(
    string? Transformer = null, string? TextEncoder = null, string? Tokenizer = null, string? Autoencoder = null, string? LowNoiseTransformer = null,
    string? ImageEncoder = null);
