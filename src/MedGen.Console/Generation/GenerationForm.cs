using MedGen.Application.Generation;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Serving;

namespace MedGen.WebConsole.Generation;

/// <summary>What somebody has filled in to get a clip. Empty numbers are the model's defaults, as in every other face of the platform.</summary>
public sealed record GenerationForm
{
    /// <summary>What to show.</summary>
    public string Prompt { get; set; } = "";

    /// <summary>What to avoid; empty: the model's default.</summary>
    public string NegativePrompt { get; set; } = "";

    /// <summary>Width in px.</summary>
    public int? Width { get; set; }

    /// <summary>Height in px.</summary>
    public int? Height { get; set; }

    /// <summary>Number of frames.</summary>
    public int? NumFrames { get; set; }

    /// <summary>Frames per second.</summary>
    public double? FramesPerSecond { get; set; }

    /// <summary>Denoising steps.</summary>
    public int? Steps { get; set; }

    /// <summary>Guidance scale.</summary>
    public double? GuidanceScale { get; set; }

    /// <summary>Seed; null: drawn.</summary>
    public long? Seed { get; set; }

    /// <summary>How the flow is integrated; null: as the adapter or the model was made for.</summary>
    public GenerationScheduler? Scheduler { get; set; }

    /// <summary>Name of an adapter; empty: none.</summary>
    public string Adapter { get; set; } = "";

    /// <summary>How much of the adapter is added.</summary>
    public double AdapterScale { get; set; } = 1;

    /// <summary>Whether the frames must be the same to the last bit.</summary>
    public bool Deterministic { get; set; }

    /// <summary>A preview every so many steps; 0: none.</summary>
    public int PreviewInterval { get; set; } = 1;

    /// <summary>How urgent it is.</summary>
    public ServicePriority Priority { get; set; } = ServicePriority.Interactive;

    /// <summary>Picture or clip that the clip begins with; null: none.</summary>
    public string? FirstFrameId { get; set; }

    /// <summary>How that picture gets to the asked size.</summary>
    public FirstFrameFit FirstFrameFit { get; set; }

    /// <summary>Clip to start from; null: none.</summary>
    public string? SourceId { get; set; }

    /// <summary>How much of the way back to noise that clip is sent.</summary>
    public double Strength { get; set; } = 0.6;

    /// <summary>The message that asks for it.</summary>
    /// <param name="mode">What the clip is made from; what belongs to another mode is left out.</param>
    /// <returns>The message.</returns>
    public GenerateVideo ToMessage(GenerationSource mode) => new()
    {
        Prompt = Prompt,
        NegativePrompt = NegativePrompt.Length > 0 ? NegativePrompt : null,
        Width = Width,
        Height = Height,
        NumFrames = NumFrames,
        FramesPerSecond = FramesPerSecond,
        NumInferenceSteps = Steps,
        GuidanceScale = GuidanceScale,
        Seed = Seed,
        Scheduler = Scheduler,
        Wan = new WanOptions { Adapter = Adapter.Length > 0 ? Adapter : null, AdapterScale = AdapterScale },
        Deterministic = Deterministic,
        PreviewInterval = PreviewInterval,
        Priority = Priority,
        FirstFrameArtifactId = mode == GenerationSource.FirstFrame ? FirstFrameId : null,
        FirstFrameFit = mode == GenerationSource.FirstFrame ? FirstFrameFit : null,
        SourceArtifactId = mode == GenerationSource.Clip ? SourceId : null,
        Strength = mode == GenerationSource.Clip ? Strength : 1,
    };

    /// <summary>What a clip can be made from with a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>At least one.</returns>
    public static IReadOnlyList<GenerationSource> SourcesOf(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return
        [
            .. model.NeedsFirstFrame ? (GenerationSource[])[] : [GenerationSource.Text, GenerationSource.Clip],
            .. model.TakesFirstFrame ? (GenerationSource[])[GenerationSource.FirstFrame] : [],
        ];
    }
}
