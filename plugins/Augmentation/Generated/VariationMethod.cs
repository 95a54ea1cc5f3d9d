using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Video to video: a training clip is sent part of the way back to noise and denoised again.</summary>
internal sealed class VariationMethod(IMedGenModel model) : IClipMethod
{
    public AugmentationMethodDescription Description { get; } = new()
    {
        Name = "variation", Description = "Video to video with the shared model, from a training clip, with a strength drawn from a range.",
        Origin = ClipOrigin.Generated,
        OptionsSchema = ParameterSchema.Of<VariationOptions>(),
    };

    public void Check(string options) => MethodOptions.Read<VariationOptions>(options);

    public AdapterNeed? AdapterOf(string options) => MethodOptions.Read<VariationOptions>(options).ToNeed();

    public IAsyncEnumerable<AugmentationUpdate> MakeAsync(AugmentationRequest request, CancellationToken cancellationToken)
    {
        VariationOptions options = MethodOptions.Read<VariationOptions>(request.Method.Options);
        return SharedModelClips.VaryAsync(model, request, options, options.StrengthFrom, options.StrengthTo, cancellationToken);
    }
}
