using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>
/// The shared model with an adapter that the host has trained on the training split: text to video, or video to video where strengths are given.
/// </summary>
internal sealed class AdaptedMethod(IMedGenModel model) : IClipMethod
{
    public AugmentationMethodDescription Description { get; } = new()
    {
        Name = "adapted", Description = "The shared model with an adapter (LoRA) trained on the training split, from text or from a training clip.",
        Origin = ClipOrigin.Generated,
        OptionsSchema = ParameterSchema.Of<AdaptedOptions>(),
    };

    public void Check(string options) => MethodOptions.Read<AdaptedOptions>(options);

    public AdapterNeed? AdapterOf(string options) => MethodOptions.Read<AdaptedOptions>(options).ToNeed();

    public IReadOnlyList<string> CaptionsOf(string options, string label, SourceClip clip) =>
        [.. MethodOptions.Read<AdaptedOptions>(options).PromptsOf(label).Select(template =>
            PromptTemplate.Fill(template, label, clip)).Distinct(StringComparer.Ordinal)];

    public IAsyncEnumerable<AugmentationUpdate> MakeAsync(AugmentationRequest request, CancellationToken cancellationToken)
    {
        AdaptedOptions options = MethodOptions.Read<AdaptedOptions>(request.Method.Options);
        return options is { StrengthFrom: { } from, StrengthTo: { } to }
            ? SharedModelClips.VaryAsync(model, request, options, from, to, cancellationToken)
            : SharedModelClips.MakeAsync(model, request, options, cancellationToken);
    }
}
