namespace MedGen.Sdk.Augmentation;

/// <summary>Where the pixels of a made clip come from.</summary>
public enum ClipOrigin
{
    /// <summary>From recordings, altered: what identifies a patient may still be there.</summary>
    Altered,

    /// <summary>From a generative model.</summary>
    Generated,

    /// <summary>From a simulator: no patient, no learnt model.</summary>
    Simulated,
}
