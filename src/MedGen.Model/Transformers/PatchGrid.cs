namespace MedGen.Model.Transformers;

/// <summary>How many patches, and so tokens, latents are cut into.</summary>
/// <param name="Frames">Along time.</param>
/// <param name="Height">Along height.</param>
/// <param name="Width">Along width.</param>
internal readonly record struct PatchGrid(long Frames, long Height, long Width)
{
    /// <summary>Tokens in all.</summary>
    public long Tokens => Frames * Height * Width;
}
