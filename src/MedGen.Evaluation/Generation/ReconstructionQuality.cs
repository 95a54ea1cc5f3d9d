using MedGen.Sdk.Frames;
using MedGen.Training.Autoencoders;
using MedGen.Model.Autoencoders;
using MedGen.Evaluation.Metrics;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Evaluation.Generation;

/// <summary>How well the autoencoder reconstructs clips that it never saw, by source and modality; means over clips.</summary>
/// <param name="Source">Source in the recipe, or <c>simulated</c>.</param>
/// <param name="Modality">DICOM defined term.</param>
/// <param name="Clips">Number of clips.</param>
/// <param name="Psnr">Peak signal-to-noise ratio in dB: 10·log10(255² / mean squared error), mean over clips.</param>
/// <param name="Ssim">Structural similarity (Wang et al. 2004; even window of 7 px), at most 1.</param>
public sealed record ReconstructionQuality(string Source, string Modality, int Clips, double Psnr, double Ssim)
{
    /// <summary>Measures one clip; encodes to the mean of the latents, as generation does.</summary>
    /// <returns>PSNR in dB and SSIM.</returns>
    internal static (double Psnr, double Ssim) Of(WanAutoencoder autoencoder, byte[] clip, ClipShape shape)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor video = PixelTensors.ToVideo(clip, 1, shape.NumFrames, shape.Height, shape.Width, CPU);
        Tensor output = autoencoder.Decode(autoencoder.Encode(video)).to_type(ScalarType.Float32).clamp(-1, 1);
        return (PeakSignalToNoiseRatio.Of(output, video), StructuralSimilarity.Of(output, video).item<float>());
    }
}
