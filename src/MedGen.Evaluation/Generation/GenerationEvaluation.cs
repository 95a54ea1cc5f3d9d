using MedGen.Evaluation.Metrics;
namespace MedGen.Evaluation.Generation;

/// <summary>Everything that was measured of a generating model; written to <c>evaluation.json</c> as it stands here.</summary>
public sealed record GenerationEvaluation
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Identity of its weights.</summary>
    public required string Hash { get; init; }

    /// <summary>Clips for each prompt.</summary>
    public required int Seeds { get; init; }

    /// <summary>First seed.</summary>
    public required int FirstSeed { get; init; }

    /// <summary>Size, length and sampling in words.</summary>
    public required string Sampling { get; init; }

    /// <summary>Labels that the classifier chooses from; chance is one in so many.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Share of all generated clips that are called right.</summary>
    public required double Adherence { get; init; }

    /// <summary>Share of the held-out simulated clips that are called right.</summary>
    public required double AdherenceCeiling { get; init; }

    /// <summary>Adherence by prompt.</summary>
    public required IReadOnlyList<PromptAdherence> Prompts { get; init; }

    /// <summary>Reconstruction by source and modality.</summary>
    public required IReadOnlyList<ReconstructionQuality> Reconstruction { get; init; }

    /// <summary>Held-out real clips that could not be decoded and are in no figure.</summary>
    public required IReadOnlyList<string> NotRead { get; init; }

    /// <summary>Clips that begin with a given picture, by the picture's source; empty for a model that takes none.</summary>
    public required IReadOnlyList<FirstFrameQuality> FirstFrames { get; init; }

    /// <summary>Components of the feature space.</summary>
    public required int Components { get; init; }

    /// <summary>Distribution of <c>generated</c>, <c>training</c> (floor) and <c>untrained</c> (ceiling) clips against held-out ones.</summary>
    public required IReadOnlyDictionary<string, DistributionQuality> Distribution { get; init; }

    /// <summary>Motion of <c>generated</c>, <c>held-out simulated</c> and <c>held-out real</c> clips.</summary>
    public required IReadOnlyDictionary<string, MotionStatistics> Motion { get; init; }

    /// <summary>Memorisation.</summary>
    public required IReadOnlyList<MemorisationQuality> Memorisation { get; init; }

    /// <summary>Seconds a clip took to generate, median; depends on the machine.</summary>
    public required double SecondsPerClip { get; init; }
}
