using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Networks;
using MedGen.Sdk.Frames;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Modality;

/// <summary>
/// Features of the frozen backbone of the imaging-modality classifier (three stages of ResNet18, trained on ImageNet; ADR 29): mean and standard
/// deviation over a few frames, spread over the clip, on the CPU. One frame at a time runs in it, from any thread.
/// </summary>
public sealed class ModalityClipFeatures : IDisposable
{
    private const int Frames = 4;

    private readonly ModalityNetwork _network;
    private readonly Lock _gate = new();
    private readonly string _hash;

    /// <summary>Loads the network.</summary>
    /// <param name="weights">The classifier's weights file.</param>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken.</exception>
    public ModalityClipFeatures(string weights)
    {
        (_, _hash) = ModalityNetwork.ReadMetadata(weights);
        _network = ModalityNetwork.Load(weights, CPU);
    }

    /// <summary>How reports name them.</summary>
    public string Name => $"frozen ImageNet features (ResNet18, three stages; weights {_hash[..12]}), mean and deviation over {Frames} frames";

    /// <summary>Describes a clip.</summary>
    /// <param name="pixels">R, G, B bytes of all frames.</param>
    /// <param name="shape">The clip's shape.</param>
    /// <returns>Twice <see cref="ResidualBackbone.FeatureLength"/> numbers.</returns>
    public double[] Of(byte[] pixels, ClipShape shape)
    {
        int frames = Math.Min(Frames, shape.NumFrames);
        float[][] seen =
        [
            .. Enumerable.Range(0, frames).Select(i => frames == 1 ? 0 : i * (shape.NumFrames - 1) / (frames - 1))
                .Select(frame => Look(pixels.AsSpan(frame * shape.FrameBytes, shape.FrameBytes), shape)),
        ];
        double[] features = new double[2 * ResidualBackbone.FeatureLength];
        for (int d = 0; d < ResidualBackbone.FeatureLength; d++)
        {
            double mean = seen.Average(frame => frame[d]);
            features[d] = mean;
            features[ResidualBackbone.FeatureLength + d] = Math.Sqrt(seen.Average(frame => (frame[d] - mean) * (frame[d] - mean)));
        }

        return features;
    }

    /// <inheritdoc />
    public void Dispose() => _network.Dispose();

    // A flat frame has no features; zeros are far from every picture's, which have length √2.
    private float[] Look(ReadOnlySpan<byte> pixels, ClipShape shape)
    {
        using VideoFrame frame = VideoFrame.Rent(shape.Width, shape.Height);
        pixels.CopyTo(frame.WritablePixels.Span);
        FramePicture picture = FramePicture.FromFrame(frame);
        if (picture.IsFlat)
        {
            return new float[ResidualBackbone.FeatureLength];
        }

        lock (_gate)
        {
            return _network.Look(picture).Features;
        }
    }
}
