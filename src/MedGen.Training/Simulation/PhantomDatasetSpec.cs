namespace MedGen.Training.Simulation;

/// <summary>A data set of simulated clips, as its JSON file says it (snake_case; an unknown key is an error).</summary>
public sealed record PhantomDatasetSpec
{
    /// <summary>Seed of the data set: other seeds, other patients.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Width in px, 32 to 1024, even.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Height in px, 32 to 1024, even.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Frames of each clip, 1 to 100,000.</summary>
    public int NumFrames { get; init; } = 17;

    /// <summary>Frames per second, above 0, at most 120.</summary>
    public double FramesPerSecond { get; init; } = 8;

    /// <summary>What to simulate; at least one entry.</summary>
    public required IReadOnlyList<PhantomDatasetPart> Parts { get; init; }
}
