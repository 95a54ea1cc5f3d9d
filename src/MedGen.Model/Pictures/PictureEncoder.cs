using MedGen.Model.ImageEncoders;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Model.Pictures;

/// <summary>From the picture that a clip begins with, as it was given, to the tokens that the transformer attends to.</summary>
internal sealed class PictureEncoder(ClipVisionEncoder encoder, Device device) : IDisposable
{
    /// <summary>The encoder.</summary>
    public ClipVisionEncoder Encoder => encoder;

    /// <summary>Encodes.</summary>
    /// <param name="picture">The picture, of any size.</param>
    /// <returns>[1, tokens, image_dim] in the current dispose scope.</returns>
    public Tensor Tokens(VideoFrame picture)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = encoder.Preprocess(ConditionPicture.ToTensor(picture).to(device)); // [1, 3, S, S]
        return encoder.Forward(pixels).MoveToOuterDisposeScope(); // [1, tokens, image_dim]
    }

    public void Dispose() => encoder.Dispose();
}
