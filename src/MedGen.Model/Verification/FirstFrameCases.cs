using MedGen.Model.Pictures;
using MedGen.Model.Pipelines;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// The picture of image to video on its way to the first latent frame: <c>image</c> (uint8 [H, W, 3]), <c>image.resized</c>,
/// <c>image.preprocessed</c> and <c>z0</c>; or to channels and image tokens: <c>vae_input</c>, <c>y</c>, <c>clip.pixels</c> and <c>clip_fea</c>.
/// </summary>
internal static class FirstFrameCases
{
    /// <summary>Compares each stage that the folder has.</summary>
    /// <param name="folder">The fixture.</param>
    /// <param name="pipeline">The model.</param>
    /// <param name="mode">Start of the names of the cases, with its dot; empty: none.</param>
    /// <param name="label">End of the names in the report.</param>
    /// <param name="request">Size of the clip.</param>
    /// <param name="report">Takes the results.</param>
    /// <returns>The picture, which the caller disposes; null: there is none.</returns>
    public static VideoFrame? Compare(
        FixtureFolder folder, MedGenPipeline pipeline, string mode, string label, VideoGenerationRequest request, VerificationReport report)
    {
        string name = $"{mode}image";
        if (!folder.Has(name))
        {
            return null;
        }

        Tensor pixels = folder[name]; // [H, W, 3]
        VideoFrame picture = VideoFrame.Rent((int)pixels.size(1), (int)pixels.size(0), 0, TimeSpan.Zero);
        pixels.bytes.CopyTo(picture.WritablePixels.Span);
        if (pipeline.NeedsFirstFrame)
        {
            CompareChannels(folder, pipeline, picture, mode, label, request, report);
            return picture;
        }

        if (folder.Has($"{name}.resized"))
        {
            Tensor expected = folder[$"{name}.resized"]; // [h, w, 3]
            byte[] resized = LanczosResize.Apply(picture.Pixels.Span, picture.Width, picture.Height, (int)expected.size(1), (int)expected.size(0));
            report.CompareExactly($"{name}.resized{label}", Wide(resized), Wide(expected.bytes.ToArray()));
        }

        Tensor fitted = FirstFramePicture.Fit(picture, request.Width, request.Height, FirstFrameFit.Crop); // [1, 3, 1, H, W]
        report.Compare($"{name}.preprocessed{label}", fitted.squeeze(0), folder[$"{name}.preprocessed"], VerificationTolerances.Picture);
        report.Compare($"{mode}z0{label}", pipeline.Autoencoder.Encode(fitted).squeeze(0), folder[$"{mode}z0"], VerificationTolerances.Output);
        return picture;
    }

    /// <summary>The channels of a picture that is brought to the clip's size as in the reference: stretched.</summary>
    /// <returns>[1, 4 + C, F, H, W]; null for models that take pictures otherwise, or none.</returns>
    public static Tensor? Condition(MedGenPipeline pipeline, VideoGenerationRequest request) =>
        request.FirstFrame is { } picture && pipeline.NeedsFirstFrame
        ? ConditionPicture.Encode(pipeline.Autoencoder, Stretched(picture, request), request.NumFrames)
        : null;

    private static Tensor Stretched(VideoFrame picture, VideoGenerationRequest request) =>
        BicubicResize.Apply(ConditionPicture.ToTensor(picture), request.Height, request.Width).unsqueeze(2); // [1, 3, 1, H, W]

    private static void CompareChannels(
        FixtureFolder folder, MedGenPipeline pipeline, VideoFrame picture, string mode, string label, VideoGenerationRequest request,
        VerificationReport report)
    {
        Tensor stretched = Stretched(picture, request); // [1, 3, 1, H, W]
        CompareIfThere("vae_input", () => ConditionPicture.Clip(stretched, request.NumFrames).squeeze(0));
        CompareIfThere("y", () => Condition(pipeline, request with { FirstFrame = picture })!.squeeze(0));
        if (pipeline.Pictures is { } pictures)
        {
            CompareIfThere("clip.pixels", () => pictures.Encoder.Preprocess(ConditionPicture.ToTensor(picture)));
            CompareIfThere("clip_fea", () => pictures.Tokens(picture));
        }

        void CompareIfThere(string name, Func<Tensor> actual)
        {
            if (folder.Has($"{mode}{name}"))
            {
                report.Try(
                    $"{mode}{name}{label}",
                    () => report.Compare($"{mode}{name}{label}", actual(), folder[$"{mode}{name}"], VerificationTolerances.Output));
            }
        }
    }

    private static long[] Wide(byte[] values) => Array.ConvertAll(values, value => (long)value);
}
