using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Generation;

/// <summary>The largest clips and texts that the platform takes, whatever the model.</summary>
public static class GenerationLimits
{
    /// <summary>Longest width and height in px.</summary>
    public const int MaxSide = 1280;

    /// <summary>Shortest side of a picture that a clip begins with, in px.</summary>
    public const int MinFirstFrameSide = 16;

    /// <summary>Longest side of a picture that a clip begins with, in px.</summary>
    public const int MaxFirstFrameSide = 8192;

    /// <summary>Most frames of a clip.</summary>
    public const int MaxFrames = ClipShape.MaxFrames;

    /// <summary>Most denoising steps.</summary>
    public const int MaxSteps = 200;

    /// <summary>Most adapters at once.</summary>
    public const int MaxAdapters = 8;

    /// <summary>Largest strength of an adapter, forwards or backwards.</summary>
    public const double MaxAdapterStrength = 4;

    /// <summary>Most characters of a prompt or negative prompt.</summary>
    public const int MaxPromptLength = 4000;
}
