using MedGen.Phantoms.Randomness;
using MedGen.Classifiers.Networks;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>Trains the frame network to name the phase from a single view, which teaches it features that tell phases apart.</summary>
internal sealed class PhaseFrameFitting(int classes, PhaseTrainingOptions options)
{
    private const double BalancedShare = 0.7; // of a batch: every phase as often; the rest as phases occur
    private const double LabelSmoothing = 0.05;
    private const double Dropout = 0.3;
    private const int EmbedBatch = 64;

    /// <summary>Trains a network; the result holds the running average of the weights.</summary>
    public FrameNetwork Fit(IReadOnlyList<VideoViews> videos, Action<int, double> onStep, CancellationToken cancellationToken)
    {
        ILookup<int, (VideoViews Video, int Index)> byPhase = videos
            .SelectMany(f => Enumerable.Range(0, f.Count).Select(i => (Video: f, Index: i)))
            .ToLookup(v => v.Video.Video.Phases[v.Index]);
        (VideoViews Video, int Index)[][] pools = [.. byPhase.Select(g => g.ToArray())];
        (VideoViews Video, int Index)[] all = [.. pools.SelectMany(p => p)];
        var draws = new Random(options.Seed);
        return new FrameNetworkLoop("phase features", classes, options.Seed, options.FrameSteps, options.FrameLearningRate)
            .Run((network, _) => Loss(network, pools, all, draws), onStep, cancellationToken);
    }

    /// <summary>Computes the features of a video.</summary>
    /// <param name="network">The network.</param>
    /// <param name="video">The video.</param>
    /// <param name="variants">How many: 1 for the views as they are, more for changed ones beside them.</param>
    /// <param name="seed">Seed of the changes.</param>
    public static VideoFeatures Embed(FrameNetwork network, VideoViews video, int variants, int seed)
    {
        using var noGrad = no_grad();
        var draws = new Random(seed);
        var features = new List<float[]>();
        byte[] bytes = new byte[VideoViews.ViewBytes];
        for (int variant = 0; variant < variants; variant++)
        {
            float[] values = new float[video.Count * FrameNetwork.FeatureLength];
            for (int start = 0; start < video.Count; start += EmbedBatch)
            {
                using var scope = NewDisposeScope();
                int count = Math.Min(EmbedBatch, video.Count - start);
                float[] views = new float[count * VideoViews.ViewBytes];
                for (int i = 0; i < count; i++)
                {
                    video.Read(start + i, bytes);
                    Span<float> view = views.AsSpan(i * VideoViews.ViewBytes, VideoViews.ViewBytes);
                    if (variant == 0)
                    {
                        ViewAugmentation.Copy(bytes, view);
                    }
                    else
                    {
                        ViewAugmentation.Sample(bytes, draws, view);
                    }
                }

                Tensor batch = tensor(views, [count, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide]);
                network.Embed(batch).data<float>().CopyTo(values, start * FrameNetwork.FeatureLength);
            }

            features.Add(values);
        }

        return new VideoFeatures(video.Video, features, [.. video.Video.Phases.Take(video.Count)]);
    }

    private Tensor Loss(FrameNetwork network, (VideoViews Video, int Index)[][] pools, (VideoViews Video, int Index)[] all, Random draws)
    {
        float[] views = new float[options.BatchSize * VideoViews.ViewBytes];
        long[] labels = new long[options.BatchSize];
        byte[] bytes = new byte[VideoViews.ViewBytes];
        for (int i = 0; i < options.BatchSize; i++)
        {
            (VideoViews Video, int Index)[] pool = draws.Chance(BalancedShare) ? pools[draws.Next(pools.Length)] : all;
            (VideoViews video, int index) = pool[draws.Next(pool.Length)];
            video.Read(index, bytes);
            ViewAugmentation.Sample(bytes, draws, views.AsSpan(i * VideoViews.ViewBytes, VideoViews.ViewBytes));
            labels[i] = video.Video.Phases[index];
        }

        Tensor input = tensor(views, [options.BatchSize, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide]);
        return nn.functional.cross_entropy(network.Forward(input, Dropout), tensor(labels), label_smoothing: LabelSmoothing);
    }
}
