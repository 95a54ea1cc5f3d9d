using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Serving;

namespace MedGen.Sdk.Generation;

/// <summary>
/// Everything that decides the frames of a generated clip, and how it is served. The same request on the same model gives the same frames.
/// </summary>
public sealed record VideoGenerationRequest
{
    private static readonly GenerationDefaults Defaults = new();

    /// <summary>What to show; cleaned and cut to the model's text length. 1 to 4,000 characters.</summary>
    [Required, StringLength(GenerationLimits.MaxPromptLength)]
    public required string Prompt { get; init; }

    /// <summary>What to avoid, at most 4,000 characters; null: the model's default, empty: the empty text.</summary>
    [StringLength(GenerationLimits.MaxPromptLength)]
    public string? NegativePrompt { get; init; }

    /// <summary>Width in px, a multiple of 16, 16 to 1,280.</summary>
    [SteppedRange(16, GenerationLimits.MaxSide, 16)]
    public int Width { get; init; } = Defaults.Width;

    /// <summary>Height in px, a multiple of 16, 16 to 1,280.</summary>
    [SteppedRange(16, GenerationLimits.MaxSide, 16)]
    public int Height { get; init; } = Defaults.Height;

    /// <summary>Number of frames, 4k + 1, 1 to 257.</summary>
    [SteppedRange(1, GenerationLimits.MaxFrames, 4)]
    public int NumFrames { get; init; } = Defaults.NumFrames;

    /// <summary>Frame rate of the clip in frames per second, 1 to 60.</summary>
    [Range(1.0, 60.0)]
    public double FramesPerSecond { get; init; } = Defaults.FramesPerSecond;

    /// <summary>Denoising steps, 1 to 200.</summary>
    [Range(1, GenerationLimits.MaxSteps)]
    public int NumInferenceSteps { get; init; } = Defaults.NumInferenceSteps;

    /// <summary>Classifier-free guidance scale, 0 to 30; 1 turns guidance (and its second forward a step) off.</summary>
    [Range(0.0, 30.0)]
    public double GuidanceScale { get; init; } = Defaults.GuidanceScale;

    /// <summary>Seed of the noise, 0 to 2^63 − 1.</summary>
    [Range(typeof(long), "0", "9223372036854775807")]
    public required long Seed { get; init; }

    /// <summary>
    /// A clip to start from (video to video); handed over in memory, not in JSON: <see cref="NumFrames"/> frames of <see cref="Width"/> ×
    /// <see cref="Height"/>; null: from noise.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<VideoFrame>? SourceFrames { get; init; }

    /// <summary>
    /// With <see cref="SourceFrames"/>: how much of the way back to noise the source is sent; above 0, at most 1 (nothing of it is left).
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Strength { get; init; } = 1;

    /// <summary>
    /// A picture that the clip begins with (image to video), of any size from 16 to 8,192 px a side; handed over in memory, not in JSON; null: none.
    /// Only for models that take one (<see cref="ModelDescription.TakesFirstFrame"/>), and not beside <see cref="SourceFrames"/>.
    /// </summary>
    [JsonIgnore]
    public VideoFrame? FirstFrame { get; init; }

    /// <summary>With <see cref="FirstFrame"/>: how it gets to <see cref="Width"/> × <see cref="Height"/>; it is never stretched.</summary>
    public FirstFrameFit FirstFrameFit { get; init; }

    /// <summary>
    /// Whether the frames must be the same to the last bit whatever else runs. Otherwise the generation may share forwards with others, which changes
    /// its sums' rounding.
    /// </summary>
    public bool Deterministic { get; init; }

    /// <summary>
    /// Options of the generator, a JSON object that keeps the schema of <see cref="GeneratorDescription.OptionsSchema"/>. Default: none.
    /// </summary>
    public string Options { get; init; } = ParameterSchema.NoParameters;

    /// <summary>
    /// Options of the Wan family, for generators that use the resident model; a request with one for another generator is refused by the host.
    /// </summary>
    public WanOptions Wan { get; init; } = new();

    /// <summary>A preview of the middle frame every so many steps, 0 to 200; 0: none.</summary>
    [Range(0, GenerationLimits.MaxSteps)]
    public int PreviewInterval { get; init; }

    /// <summary>How it is served; without effect on the frames, and not in JSON.</summary>
    [JsonIgnore]
    public ServiceTerms Service { get; init; } = new();

    /// <summary>The generator's options as a record that <see cref="ParameterSchema.Of"/> made the schema of.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <returns>The options; what is not given has the record's default.</returns>
    /// <exception cref="InvalidInputException">The text is no JSON of this record.</exception>
    public T ReadOptions<T>()
        where T : class => ParameterSchema.Read<T>(Options);

    /// <summary>Checks every range that this record states. What a model can make within them is for the model to say.</summary>
    /// <param name="violations">Takes what is wrong.</param>
    public void Check(Violations violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        violations.Declared(this);
        if (Wan.Acceleration is { TeaCacheThreshold: not null, EasyCacheThreshold: not null })
        {
            violations.Add("wan.acceleration.easy_cache_threshold", $"is given beside tea_cache_threshold", $"one of the two");
        }

        violations.Require(
            Wan.Adapter is null || Wan.Adapters.Count == 0, "wan.adapters", $"is given beside adapter", $"one of the two");
        foreach ((int index, AdapterUse use) in Wan.Adapters.Index())
        {
            violations.Require(
                Wan.Adapters.Take(index).All(other => other.Name != use.Name), $"wan.adapters[{index}].name", $"is named before", $"each once");
        }

        if (FirstFrame is { } first)
        {
            violations.Require(first.Format == FrameFormat.Rgb24, "first_frame", $"is in {first.Format}", $"{FrameFormat.Rgb24}");
            violations.Require(SourceFrames is null, "first_frame", $"is given beside source_frames", $"one of the two");
            violations.Require(
                Math.Min(first.Width, first.Height) >= GenerationLimits.MinFirstFrameSide
                    && Math.Max(first.Width, first.Height) <= GenerationLimits.MaxFirstFrameSide,
                "first_frame", $"has {first.Width}x{first.Height} px",
                $"{GenerationLimits.MinFirstFrameSide} to {GenerationLimits.MaxFirstFrameSide} px a side");
        }

        if (SourceFrames is { } frames)
        {
            violations.Require(frames.Count == NumFrames, "source_frames", $"has {frames.Count} frames", $"num_frames, {NumFrames}");
            violations.Require(
                frames.All(frame => frame.Format == FrameFormat.Rgb24), "source_frames", $"holds other formats", $"{FrameFormat.Rgb24}");
            if (frames.FirstOrDefault(frame => frame.Width != Width || frame.Height != Height) is { } odd)
            {
                violations.Add("source_frames", $"holds a frame of {odd.Width}x{odd.Height} px", $"{Width}x{Height}");
            }
        }
    }
}
