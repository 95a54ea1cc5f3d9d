using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Text to video: no pixel of a recording reaches the model.</summary>
internal sealed class PromptedMethod(IMedGenModel model) : IClipMethod
{
    public AugmentationMethodDescription Description { get; } = new()
    {
        Name = "prompted", Description = "Text to video with the shared model, from templates over label, caption and columns.",
        Origin = ClipOrigin.Generated,
        OptionsSchema = ParameterSchema.Of<PromptedOptions>(),
    };

    public void Check(string options) => MethodOptions.Read<PromptedOptions>(options);

    public AdapterNeed? AdapterOf(string options) => MethodOptions.Read<PromptedOptions>(options).ToNeed();

    public IAsyncEnumerable<AugmentationUpdate> MakeAsync(AugmentationRequest request, CancellationToken cancellationToken) =>
        SharedModelClips.MakeAsync(model, request, MethodOptions.Read<PromptedOptions>(request.Method.Options), cancellationToken);
}
