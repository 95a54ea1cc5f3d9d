using MedGen.Sdk.Frames;

namespace MedGen.Training.Clips;

/// <summary>A clip to train on: its words, and a way to its pixels.</summary>
internal abstract record TrainingClip
{
    /// <summary>Name of the data source.</summary>
    public required string Source { get; init; }

    /// <summary>Name that people find it by.</summary>
    public required string Name { get; init; }

    /// <summary>Patient, recording or seed: what is never in training and held out at once.</summary>
    public required string Group { get; init; }

    /// <summary>Caption of one sentence.</summary>
    public required string Brief { get; init; }

    /// <summary>Caption of a few sentences.</summary>
    public required string Detailed { get; init; }

    /// <summary>Captions as people would ask for it, in free words; none where nobody wrote any.</summary>
    public IReadOnlyList<string> Free { get; init; } = [];

    /// <summary>What is true of it, as far as its source says so in a few values.</summary>
    public IReadOnlyList<ClipFact> Facts { get; init; } = [];

    /// <summary>Identity of its content.</summary>
    public abstract Task<string> ReadKeyAsync(CancellationToken cancellationToken);

    /// <summary>Reads its pixels.</summary>
    /// <returns>R, G, B bytes of all frames; null when it has too few frames for the shape.</returns>
    /// <exception cref="Sdk.Errors.MediaException">It cannot be decoded.</exception>
    public abstract Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken);
}
