using MedGen.Sdk.Serving;

namespace MedGen.Sdk.Generation;

/// <summary>
/// Everything that is needed to go on with a generation after some of its denoising steps, in another process too. Given back in
/// <see cref="ServiceTerms.Checkpoint"/> with the same request, it leads to the same frames.
/// </summary>
public sealed record GenerationCheckpoint : GenerationUpdate
{
    /// <summary>Denoising steps that are done.</summary>
    public required int Step { get; init; }

    /// <summary>
    /// A safetensors file: latents and the scheduler's memory; its metadata names format, version, model and request, and holds a hash over all of
    /// it.
    /// </summary>
    public required ReadOnlyMemory<byte> Content { get; init; }
}
