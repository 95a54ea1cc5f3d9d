namespace MedGen.Phantoms;

/// <summary>What to simulate.</summary>
public sealed record PhantomRequest
{
    /// <summary>Seed of everything that is drawn; any value.</summary>
    public required int Seed { get; init; }

    /// <summary>Width in px, 32 to 1024.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Height in px, 32 to 1024.</summary>
    public int Height { get; init; } = 128;

    /// <summary>Number of frames, 1 to 100,000; 1 gives a still.</summary>
    public int NumFrames { get; init; } = 17;

    /// <summary>Frames per second, above 0, at most 120.</summary>
    public double FramesPerSecond { get; init; } = 8;

    /// <summary>Parameters to fix, by name; numbers in invariant notation. Open ones are drawn from the seed.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}
