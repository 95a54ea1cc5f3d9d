using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>A labelled video, one frame and one phase a second.</summary>
internal sealed record PhaseVideo
{
    /// <summary>Name, unique in a data set; also the name of its files.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What its frames come from: the size of the file, or seed and speed of the simulation. Kept views of another origin are read anew.
    /// </summary>
    public required string Origin { get; init; }

    /// <summary>What it is used for.</summary>
    public required PhaseSplit Split { get; init; }

    /// <summary>Phase of each second.</summary>
    public required IReadOnlyList<int> Phases { get; init; }

    /// <summary>Reads its frames, one a second, as many as phases; a last one may be missing.</summary>
    public required Func<CancellationToken, IAsyncEnumerable<VideoFrame>> Frames { get; init; }
}
