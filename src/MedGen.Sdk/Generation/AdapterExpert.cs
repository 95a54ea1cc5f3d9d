namespace MedGen.Sdk.Generation;

/// <summary>Which expert of a model with two (Wan 2.2 A14B) an adapter changes.</summary>
public enum AdapterExpert
{
    /// <summary>The one for high noise, <c>transformer</c> in diffusers.</summary>
    HighNoise,

    /// <summary>The one for low noise, <c>transformer_2</c> in diffusers.</summary>
    LowNoise,

    /// <summary>Both, with the same changes.</summary>
    Both,
}
