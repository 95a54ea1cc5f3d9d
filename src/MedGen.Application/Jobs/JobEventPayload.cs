using System.Text.Json.Serialization;
using MedGen.Application.Artifacts;
using MedGen.Application.Curation;
using MedGen.Application.Jobs.Earlier;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Analysis;

namespace MedGen.Application.Jobs;

/// <summary>What happened to a job. The names in the store are fixed here and never change.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(JobStateChanged), "state")]
[JsonDerivedType(typeof(JobProgressed), "progress")]
[JsonDerivedType(typeof(JobPreviewed), "preview")]
[JsonDerivedType(typeof(JobWarned), "warning")]
[JsonDerivedType(typeof(FindingsReported), "findings")]
[JsonDerivedType(typeof(AnalysisFinished), "analyzed")]
[JsonDerivedType(typeof(FrameClassified), "frame")]
[JsonDerivedType(typeof(TransitionClassified), "transition")]
[JsonDerivedType(typeof(ClipClassified), "clip")]
[JsonDerivedType(typeof(AugmentationAdvanced), "augmentation")]
[JsonDerivedType(typeof(DatasetAugmented), "augmented")]
[JsonDerivedType(typeof(VideosCurated), "curated")]
[JsonDerivedType(typeof(ArtifactProduced), "artifact")]
[JsonDerivedType(typeof(JobCheckpointed), "checkpoint")]
[JsonDerivedType(typeof(JobRestarted), "restart")]
public abstract record JobEventPayload;

/// <summary>The job entered a state. The first event of a job says that it is queued, the last one that it has ended.</summary>
public sealed record JobStateChanged : JobEventPayload
{
    /// <summary>The new state.</summary>
    public required JobState State { get; init; }

    /// <summary>Number of starts that count, this one included.</summary>
    public int Attempt { get; init; }

    /// <summary>Why, when it is not plain, for instance that the host stopped; null otherwise.</summary>
    public string? Note { get; init; }

    /// <summary>The error, when the state is <see cref="JobState.Failed"/>; null otherwise.</summary>
    public JobError? Error { get; init; }
}

/// <summary>A part of the work is done. Not every step is told: a few events a second at most.</summary>
public sealed record JobProgressed : JobEventPayload
{
    /// <summary>Part of the work.</summary>
    public required JobStage Stage { get; init; }

    /// <summary>Units of the stage that are done.</summary>
    public required int StepsDone { get; init; }

    /// <summary>Units of the stage in all; 0: not known.</summary>
    public required int StepsTotal { get; init; }

    /// <summary>Place among those that wait for the device, from 1; 0: at work.</summary>
    public int Position { get; init; }

    /// <summary>When the device will probably be done with it; null: not known.</summary>
    public TimeSpan? TimeLeft { get; init; }
}

/// <summary>A rough picture of what is coming.</summary>
public sealed record JobPreviewed : JobEventPayload
{
    /// <summary>Denoising steps done when it was made.</summary>
    public required int Step { get; init; }

    /// <summary>Width in px; may be smaller than the clip's.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px; may be smaller than the clip's.</summary>
    public required int Height { get; init; }

    /// <summary>The picture as a PNG file, at most 256 KiB.</summary>
    public required ReadOnlyMemory<byte> Png { get; init; }
}

/// <summary>The result may be other than was asked for.</summary>
public sealed record JobWarned : JobEventPayload
{
    /// <summary>What is the matter, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Words of the prompt that the model was not trained on; empty when the warning is about something else.</summary>
    public IReadOnlyList<string> UnknownWords { get; init; } = [];
}

/// <summary>What an analysis has found.</summary>
public sealed record FindingsReported : JobEventPayload
{
    /// <summary>The findings.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether they may be taken back: they are thinned to a few events a second, and said again if they stand.</summary>
    public bool Interim { get; init; }

    /// <summary>Who found it.</summary>
    public required AnalyzerIdentity Analyzer { get; init; }
}

/// <summary>An analysis is complete.</summary>
public sealed record AnalysisFinished : JobEventPayload
{
    /// <summary>Frames that were analysed.</summary>
    public required int FramesAnalyzed { get; init; }

    /// <summary>Who analysed.</summary>
    public required AnalyzerIdentity Analyzer { get; init; }
}

/// <summary>What has been done so far is stored: after a stop or a crash of the host the job goes on there.</summary>
public sealed record JobCheckpointed : JobEventPayload
{
    /// <summary>Denoising steps that need not be done again.</summary>
    public required int Step { get; init; }
}

/// <summary>What was stored of the job cannot be used, so it starts from the beginning.</summary>
public sealed record JobRestarted : JobEventPayload
{
    /// <summary>What is wrong with it.</summary>
    public required string Reason { get; init; }
}

/// <summary>Clips of a data set were made and judged. Not every clip is told: a few events a second at most.</summary>
public sealed record AugmentationAdvanced : JobEventPayload
{
    /// <summary>Clips made so far.</summary>
    public required int Made { get; init; }

    /// <summary>Clips kept so far.</summary>
    public required int Kept { get; init; }

    /// <summary>Clips that are to be kept in the end.</summary>
    public required int Wanted { get; init; }

    /// <summary>Clips refused so far, by filter.</summary>
    public required IReadOnlyDictionary<string, int> Rejected { get; init; }

    /// <summary>Expected time to the last clip; null: not known yet.</summary>
    public TimeSpan? Remaining { get; init; }
}

/// <summary>A data set was enlarged.</summary>
public sealed record DatasetAugmented : JobEventPayload
{
    /// <summary>Real clips of the data set, all splits.</summary>
    public required int Real { get; init; }

    /// <summary>Clips made.</summary>
    public required int Made { get; init; }

    /// <summary>Clips kept.</summary>
    public required int Kept { get; init; }

    /// <summary>Clips refused, by filter.</summary>
    public required IReadOnlyDictionary<string, int> Rejected { get; init; }

    /// <summary>Each class, rare ones first.</summary>
    public required IReadOnlyList<AugmentedClass> Classes { get; init; }

    /// <summary>Clips of the data set that could not be used; the card names them.</summary>
    public required int Unreadable { get; init; }

    /// <summary>Files of the data set's folder that are no clip of it, by extension.</summary>
    public IReadOnlyDictionary<string, int> PassedOver { get; init; } = new Dictionary<string, int>();

    /// <summary>Limit of the privacy check, a correlation; null: there was no test clip.</summary>
    public double? PrivacyLimit { get; init; }

    /// <summary>The privacy check by learnt features; null: no clip was to be checked.</summary>
    public ReidentificationReport? Reidentification { get; init; }
}

/// <summary>A result is stored.</summary>
public sealed record ArtifactProduced : JobEventPayload
{
    /// <summary>The result, with its provenance.</summary>
    public required Artifact Artifact { get; init; }
}
