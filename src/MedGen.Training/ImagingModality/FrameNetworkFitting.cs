using MedGen.Torch.Frames;
using MedGen.Torch.Networks;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Training.ImagingModality;

/// <summary>Trains one frame network on clips of known labels, with outliers that it shall be unsure about (outlier exposure, Hendrycks et al. 2019).</summary>
internal sealed class FrameNetworkFitting(IReadOnlyList<string> labels, ModalityTrainingOptions options)
{
    private const double OutlierShare = 0.19;
    private const double LabelSmoothing = 0.05;
    private const double Dropout = 0.3;

    /// <summary>Trains a network; the result holds the running average of the weights.</summary>
    public FrameNetwork Fit(
        IReadOnlyList<ModalityClip> clips, IReadOnlyList<ModalityClip> phantoms, int seed, Action<int, double> onStep, CancellationToken cancellationToken)
    {
        var sampler = new ModalitySampler(labels, clips, phantoms, OutlierShare);
        return new FrameNetworkLoop("imaging modality", labels.Count, seed, options.Steps, options.LearningRate)
            .Run((network, step) => Loss(network, sampler, seed, step), onStep, cancellationToken);
    }

    private Tensor Loss(FrameNetwork network, ModalitySampler sampler, int seed, int step)
    {
        int viewLength = 3 * FrameNetwork.ViewSide * FrameNetwork.ViewSide;
        float[] views = new float[options.BatchSize * viewLength];
        float[] targets = new float[options.BatchSize * labels.Count];
        Parallel.For(0, options.BatchSize, i =>
        {
            // One generator per view: the same views whatever the number of threads.
            var random = new Random(HashCode(seed, step, i));
            (FramePicture picture, int label) = sampler.Draw(random);
            bool remap = label >= 0 && labels[label] == "MR";
            PictureAugmentation.Sample(picture, remap, random, views.AsSpan(i * viewLength, viewLength));
            for (int k = 0; k < labels.Count; k++)
            {
                double smooth = label < 0 ? 1.0 / labels.Count : LabelSmoothing / labels.Count;
                targets[(i * labels.Count) + k] = (float)(smooth + (k == label ? 1 - LabelSmoothing : 0));
            }
        });
        Tensor input = tensor(views, [options.BatchSize, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide]);
        Tensor target = tensor(targets, [options.BatchSize, labels.Count]);
        return -(target * nn.functional.log_softmax(network.Forward(input, Dropout), dim: 1)).sum(1).mean();
    }

    /// <summary>A fixed mixing function: System.HashCode differs between processes.</summary>
    private static int HashCode(int seed, int step, int index)
    {
        uint h = unchecked(((uint)seed * 0x9E3779B1u) ^ ((uint)step * 0x85EBCA77u) ^ ((uint)index * 0xC2B2AE3Du));
        h ^= h >> 15;
        h = unchecked(h * 0x2C1B3C6Du);
        h ^= h >> 12;
        return (int)(h & 0x7FFF_FFFF);
    }
}
