using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Artifacts;

/// <summary>
/// Where a generated clip comes from: enough to tell it from a real one and, with the prompt that the job holds, to make it again.
/// The prompt is kept as a hash only, with a secret of the installation, so that the record may travel with the file.
/// </summary>
public sealed record GenerationProvenance
{
    /// <summary>SHA-256 of the record's JSON with this field left empty, 64 lower-case hex digits; also written into the file's container.</summary>
    public string Id { get; init; } = "";

    /// <summary>Always true: this record exists for generated content only.</summary>
    public bool Synthetic { get; init; } = true;

    /// <summary>The job that generated the clip.</summary>
    public required string JobId { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Hash of the model's weights, as <c>ModelDescription.Hash</c>.</summary>
    public required string ModelHash { get; init; }

    /// <summary>Number type of the transformer's arithmetic: <c>float32</c> or <c>bfloat16</c>; null in records from before it was noted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ModelDataType { get; init; }

    /// <summary>Kernels that the device computed with, as <c>ModelDescription.Kernels</c>; null in records from before they were noted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ModelKernels { get; init; }

    /// <summary>Whether the model is trained; a clip of one that is not is noise.</summary>
    public required bool ModelIsTrained { get; init; }

    /// <summary>SHA-256 of the prompt's UTF-8 bytes, lower-case hex, in records of version 0.1.0; null in later ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PromptSha256 { get; init; }

    /// <summary>As <see cref="PromptSha256"/>, of the negative prompt; null, too: the model's default was used.</summary>
    public string? NegativePromptSha256 { get; init; }

    /// <summary>
    /// HMAC-SHA256 of the prompt's UTF-8 bytes with a secret of the installation, lower-case hex; null in records of version 0.1.0.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PromptHash { get; init; }

    /// <summary>As <see cref="PromptHash"/>, of the negative prompt; null, too: the model's default was used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NegativePromptHash { get; init; }

    /// <summary>As <see cref="PromptHash"/>, of the generator's own options, as JSON; null: none were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OptionsHash { get; init; }

    /// <summary>Width in px.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px.</summary>
    public required int Height { get; init; }

    /// <summary>Number of frames.</summary>
    public required int NumFrames { get; init; }

    /// <summary>Frame rate in frames per second.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Seed of the noise.</summary>
    public required long Seed { get; init; }

    /// <summary>Name of the scheduler.</summary>
    public required string Scheduler { get; init; }

    /// <summary>Denoising steps.</summary>
    public required int NumInferenceSteps { get; init; }

    /// <summary>Classifier-free guidance scale.</summary>
    public required double GuidanceScale { get; init; }

    /// <summary>Guidance scale of the low-noise expert of a model with two; null: that of the other one, or there is one transformer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LowNoiseGuidanceScale { get; init; }

    /// <summary>Timestep shift.</summary>
    public required double Shift { get; init; }

    /// <summary>SHA-256 of the source clip's content (video to video); null: generated from noise.</summary>
    public string? SourceSha256 { get; init; }

    /// <summary>How far the source was sent back to noise, in (0, 1]; null: generated from noise.</summary>
    public double? Strength { get; init; }

    /// <summary>SHA-256 of the content of the picture that the clip begins with, lower-case hex; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstFrameSha256 { get; init; }

    /// <summary>How that picture got to the clip's size; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonConverter(typeof(JsonStringEnumConverter<FirstFrameFit>))]
    public FirstFrameFit? FirstFrameFit { get; init; }

    /// <summary>
    /// The adapters; null: none, or a record from before there could be several. Where there is one, the three fields below stand for it as well.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AdapterRecord>? Adapters { get; init; }

    /// <summary>Name of the only adapter; null: none, or several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Adapter { get; init; }

    /// <summary>SHA-256 of its file, lower-case hex.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AdapterSha256 { get; init; }

    /// <summary>How much of it was added.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AdapterScale { get; init; }

    /// <summary>Shortcuts that were taken; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GenerationAcceleration? Acceleration { get; init; }

    /// <summary>Id of the plugin that generated the clip.</summary>
    public required string PluginId { get; init; }

    /// <summary>Version of that plugin.</summary>
    public required string PluginVersion { get; init; }

    /// <summary>Version of the platform.</summary>
    public required string PlatformVersion { get; init; }

    /// <summary>Version of the vendor SDK.</summary>
    public required string SdkVersion { get; init; }

    /// <summary>When the record was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The record with its id.</summary>
    /// <returns>A copy whose <see cref="Id"/> is the hash of everything else.</returns>
    public GenerationProvenance Seal()
    {
        GenerationProvenance unsealed = this with { Id = "" };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(unsealed);
        return unsealed with { Id = Convert.ToHexStringLower(SHA256.HashData(json)) };
    }
}
