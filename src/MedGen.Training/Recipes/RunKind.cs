using System.Text.Json.Serialization;

namespace MedGen.Training.Recipes;

/// <summary>What a run trains.</summary>
public enum RunKind
{
    /// <summary>The autoencoder alone.</summary>
    [JsonStringEnumMemberName("autoencoder")]
    Autoencoder,

    /// <summary>The decoder of the base's autoencoder alone. Latents keep their meaning, so the base's transformer goes on working.</summary>
    [JsonStringEnumMemberName("decoder")]
    Decoder,

    /// <summary>
    /// The text encoder alone, by captions and what is true of their clips; its vocabulary is made too, unless it goes on from the base's.
    /// </summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>Text encoder and transformer together, with a vocabulary of their own; the autoencoder is fixed.</summary>
    [JsonStringEnumMemberName("text+flow")]
    TextAndFlow,

    /// <summary>The transformer; autoencoder and text encoder are fixed.</summary>
    [JsonStringEnumMemberName("flow")]
    Flow,

    /// <summary>A low-rank adapter of the transformer; everything else is fixed.</summary>
    [JsonStringEnumMemberName("lora")]
    Lora,
}
