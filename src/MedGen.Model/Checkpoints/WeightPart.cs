namespace MedGen.Model.Checkpoints;

/// <summary>What a file of weights is for.</summary>
public enum WeightPart
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary>Transformer, all or some of its weights.</summary>
    Transformer,

    /// <summary>Changes of a transformer (LoRA and its like).</summary>
    Adapter,

    /// <summary>Text encoder.</summary>
    TextEncoder,

    /// <summary>Autoencoder.</summary>
    Autoencoder,

    /// <summary>Image encoder (CLIP).</summary>
    ImageEncoder,
}
