namespace MedGen.Training.Studies;

/// <summary>Shape that clips are read at.</summary>
public sealed record StudyClip
{
    /// <summary>Width in px, even, 32 to 1024.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Height in px, even, 32 to 1024.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Frames, 1 to 257.</summary>
    public int Frames { get; init; } = 17;

    /// <summary>Frames per second, 1 to 60.</summary>
    public double Fps { get; init; } = 8;
}
