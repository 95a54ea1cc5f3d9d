using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Sdk.Parameters;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Image to video: a clip that begins with the first frame of a training clip, whose label it keeps.</summary>
internal sealed class AnimateMethod(IMedGenModel model) : IClipMethod
{
    public AugmentationMethodDescription Description { get; } = new()
    {
        Name = "animate", Description = "Image to video with the shared model, from the first frame of a training clip.",
        Origin = ClipOrigin.Generated,
        OptionsSchema = ParameterSchema.Of<PromptedOptions>(),
    };

    /// <exception cref="InvalidInputException">An option is wrong, or the model takes no first frame.</exception>
    /// <exception cref="FailedPreconditionException">No model is loaded.</exception>
    public void Check(string options)
    {
        MethodOptions.Read<PromptedOptions>(options);
        if (!model.Description.TakesFirstFrame)
        {
            throw new InvalidInputException(
                "first_frame",
                $"is what animate begins with; '{model.Description.Name}' makes clips from text and from clips alone. A model that takes a picture: "
                    + "Wan2.2-TI2V-5B.");
        }
    }

    public AdapterNeed? AdapterOf(string options) => MethodOptions.Read<PromptedOptions>(options).ToNeed();

    public IAsyncEnumerable<AugmentationUpdate> MakeAsync(AugmentationRequest request, CancellationToken cancellationToken) =>
        SharedModelClips.AnimateAsync(model, request, MethodOptions.Read<PromptedOptions>(request.Method.Options), cancellationToken);
}
