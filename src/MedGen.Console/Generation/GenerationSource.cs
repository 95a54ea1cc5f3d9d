namespace MedGen.WebConsole.Generation;

/// <summary>What a clip is made from, beside the prompt.</summary>
public enum GenerationSource
{
    /// <summary>Nothing.</summary>
    Text,

    /// <summary>Another clip.</summary>
    Clip,

    /// <summary>A picture that it begins with.</summary>
    FirstFrame,
}
