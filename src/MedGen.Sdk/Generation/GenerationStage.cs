namespace MedGen.Sdk.Generation;

/// <summary>The parts of a generation, in their order.</summary>
public enum GenerationStage
{
    /// <summary>Waiting for the device.</summary>
    Queued,

    /// <summary>The text encoder runs over the prompts.</summary>
    EncodingPrompt,

    /// <summary>The autoencoder encodes the source clip or the first frame, where there is one.</summary>
    EncodingSource,

    /// <summary>The transformer runs, step by step.</summary>
    Denoising,

    /// <summary>The autoencoder decodes latents to frames.</summary>
    Decoding,
}
