using MedGen.Sdk.Generation;

namespace MedGen.Application.Generation;

/// <summary>A generation job as it is stored: nothing in it is left to defaults.</summary>
internal sealed record ResolvedGeneration
{
    /// <summary>What the generator is asked for, without the frames of a source or of a picture.</summary>
    public required VideoGenerationRequest Request { get; init; }

    /// <summary>The clip to start from; null: from noise.</summary>
    public string? SourceArtifactId { get; init; }

    /// <summary>The picture that the clip begins with; null: none.</summary>
    public string? FirstFrameArtifactId { get; init; }

    /// <summary>Name of the model; null: the resident one.</summary>
    public string? Model { get; init; }

    /// <summary>Name of the model whose defaults count, for people; null: the plugin has its own, or the job is from before it was noted.</summary>
    public string? ResolvedWith { get; init; }

    /// <summary>Hash of the model named by <see cref="ResolvedWith"/>; null: the job is from before it was noted.</summary>
    public string? ResolvedHash { get; init; }

    /// <summary>Id of the plugin that generates; null: the first active one that can.</summary>
    public string? PluginId { get; init; }
}
