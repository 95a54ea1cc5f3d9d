using MedGen.Model.Autoencoders;
using MedGen.Model.Pipelines;
using MedGen.Model.Transformers;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using static TorchSharp.torch;

namespace MedGen.Model.Pictures;

/// <summary>
/// The picture that a clip begins with, for models that take it in channels of their own (Wan2.1 <c>wan/image2video.py</c>, Wan2.2's likewise): a
/// mask of the given frames, and the latents of the clip that begins with the picture and is grey from there on.
/// </summary>
internal static class ConditionPicture
{
    /// <summary>Brings a picture to the clip's size by the reference's filter; the reference stretches it, here it is cropped or padded.</summary>
    /// <param name="picture">The picture, of any size.</param>
    /// <param name="width">Width of the clip in px.</param>
    /// <param name="height">Height of the clip in px.</param>
    /// <param name="fit">How.</param>
    /// <returns>[1, 3, 1, height, width], float32, on the CPU; the filter may overshoot [−1, 1].</returns>
    public static Tensor Fit(VideoFrame picture, int width, int height, FirstFrameFit fit)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = ToTensor(picture); // [1, 3, h, w]
        double across = (double)width / picture.Width;
        double down = (double)height / picture.Height;
        if (fit == FirstFrameFit.Crop)
        {
            int columns = Math.Clamp((int)Math.Round(width / Math.Max(across, down)), 1, picture.Width);
            int rows = Math.Clamp((int)Math.Round(height / Math.Max(across, down)), 1, picture.Height);
            Tensor middle = pixels.narrow(2, (picture.Height - rows) / 2, rows)
                .narrow(3, (picture.Width - columns) / 2, columns); // [1, 3, rows, columns]
            return BicubicResize.Apply(middle, height, width).unsqueeze(2).MoveToOuterDisposeScope(); // [1, 3, 1, height, width]
        }

        int innerWidth = Math.Clamp((int)Math.Round(picture.Width * Math.Min(across, down)), 1, width);
        int innerHeight = Math.Clamp((int)Math.Round(picture.Height * Math.Min(across, down)), 1, height);
        Tensor padded = full([1, 3, height, width], -1f); // black
        padded.narrow(2, (height - innerHeight) / 2, innerHeight).narrow(3, (width - innerWidth) / 2, innerWidth)
            .copy_(BicubicResize.Apply(pixels, innerHeight, innerWidth));
        return padded.unsqueeze(2).MoveToOuterDisposeScope(); // [1, 3, 1, height, width]
    }

    /// <summary>A picture in numbers.</summary>
    /// <returns>[1, 3, h, w] in [−1, 1], float32, on the CPU.</returns>
    public static Tensor ToTensor(VideoFrame picture)
    {
        using var scope = NewDisposeScope();
        return FramePixels.ToVideo([picture]).squeeze(2).MoveToOuterDisposeScope(); // [1, 3, h, w]
    }

    /// <summary>The clip that the autoencoder gets.</summary>
    /// <param name="picture">[1, 3, 1, H, W].</param>
    /// <param name="frames">Frames of the clip.</param>
    /// <returns>[1, 3, frames, H, W], grey (0) behind the first frame.</returns>
    public static Tensor Clip(Tensor picture, int frames) =>
        cat([picture, picture.new_zeros([1, 3, frames - 1, picture.size(3), picture.size(4)])], 2); // [1, 3, frames, H, W]

    /// <summary>Makes the channels.</summary>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="picture">[1, 3, 1, H, W] on its device.</param>
    /// <param name="frames">Frames of the clip, 4k + 1.</param>
    /// <returns>[1, 4 + C, F, H/8, W/8]: mask, then latents.</returns>
    public static Tensor Encode(WanAutoencoder autoencoder, Tensor picture, int frames)
    {
        using var scope = NewDisposeScope();
        Tensor latents = autoencoder.Encode(Clip(picture, frames)); // [1, C, F, H/8, W/8]
        Tensor mask = latents.new_zeros([1, WanTransformerConfig.MaskChannels, latents.size(2), latents.size(3), latents.size(4)]);
        mask.narrow(2, 0, 1).fill_(1); // the first pixel frame is the whole first latent frame
        return cat([mask, latents], 1).MoveToOuterDisposeScope(); // [1, 4 + C, F, H/8, W/8]
    }
}
