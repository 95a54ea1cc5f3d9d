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
    private readonly bool _hasDeviations;

    /// <summary>Loads the network.</summary>
    /// <param name="weights">The classifier's weights file.</param>
    /// <param name="hasDeviations">Whether the deviations follow the means: they tell how a clip moves, the means what it shows.</param>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken.</exception>
    public ModalityClipFeatures(string weights, bool hasDeviations = true)
    {
        _hasDeviations = hasDeviations;
        (_, _hash) = ModalityNetwork.ReadMetadata(weights);
        _network = ModalityNetwork.Load(weights, CPU);
    }

    /// <summary>How reports name them.</summary>
    public string Name => $"frozen ImageNet features (ResNet18, three stages; weights {_hash[..12]}), "
        + $"mean{(_hasDeviations ? " and deviation" : "")} over {Frames} frames";

    /// <summary>Describes a clip.</summary>
    /// <param name="pixels">R, G, B bytes of all frames.</param>
    /// <param name="shape">The clip's shape.</param>
    /// <returns><see cref="ResidualBackbone.FeatureLength"/> means, and as many deviations where they are asked for.</returns>
    public double[] Of(byte[] pixels, ClipShape shape)
    {
        int frames = Math.Min(Frames, shape.NumFrames);
        float[][] seen =
        [
            .. Enumerable.Range(0, frames).Select(i => frames == 1 ? 0 : i * (shape.NumFrames - 1) / (frames - 1))
                .Select(frame => Look(pixels.AsSpan(frame * shape.FrameBytes, shape.FrameBytes), shape)),
        ];
        double[] features = new double[(_hasDeviations ? 2 : 1) * ResidualBackbone.FeatureLength];
        for (int d = 0; d < ResidualBackbone.FeatureLength; d++)
        {
            double mean = seen.Average(frame => frame[d]);
            features[d] = mean;
            if (_hasDeviations)
            {
                features[ResidualBackbone.FeatureLength + d] = Math.Sqrt(seen.Average(frame => (frame[d] - mean) * (frame[d] - mean)));
            }
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
