using MedGen.Phantoms.Randomness;
using MedGen.Classifiers.Temporal;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>
/// Trains the temporal network on whole videos: class-weighted cross-entropy on the logits of every stage, and a truncated price for jumps between
/// neighbouring seconds (MS-TCN, Farha and Gall 2019). The weights of the best validation accuracy are kept.
/// </summary>
internal sealed class PhaseTemporalFitting(int classes, PhaseTrainingOptions options)
{
    private const double Dropout = 0.3;
    private const double FeatureNoise = 0.3; // in standard deviations of a feature
    private const double SmoothingWeight = 0.15;
    private const double SmoothingLimit = 4;
    private const double WeightDecay = 1e-4;
    private const double StretchRange = 0.35; // natural logarithm of the speed
    private const double LateStartShare = 0.15;

    public TemporalNetwork Fit(
        IReadOnlyList<VideoFeatures> training, IReadOnlyList<VideoFeatures> validation, Action<int, double> onEpoch,
        CancellationToken cancellationToken)
    {
        using var generator = new Generator((ulong)options.Seed + 1);
        random.manual_seed(options.Seed + 1); // dropout and noise draw from the global generator
        var draws = new Random(options.Seed + 1);
        var config = new TemporalNetworkConfig { FeatureLength = training[0].Length, Classes = classes, Maps = options.Maps };
        using TemporalNetwork network = TemporalNetwork.Create(config, generator);
        Standardise(network, training);
        using Tensor weights = ClassWeights(training);
        var parameters = network.Weights.Where(w => w.Value.requires_grad).Select(w => w.Value).ToList();
        using var optimizer = optim.Adam(parameters, lr: options.TemporalLearningRate, weight_decay: WeightDecay);
        Dictionary<string, Tensor> best = Snapshot(network);
        double bestAccuracy = -1;
        VideoFeatures[] order = [.. training];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            draws.Shuffle(order);
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = options.TemporalLearningRate * CosineDecay.Share(epoch, options.Epochs);
            }

            double sum = 0;
            foreach ((int index, VideoFeatures video) in order.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                sum += Step(network, optimizer, parameters, weights, video, draws, (epoch * order.Length) + index + 1);
            }

            double accuracy = validation.Average(f => Accuracy(network, f));
            if (accuracy > bestAccuracy)
            {
                bestAccuracy = accuracy;
                Release(best);
                best = Snapshot(network);
            }

            onEpoch(epoch, sum / order.Length);
        }

        TemporalNetwork result = TemporalNetwork.FromWeights("trained weights", config, best.GetValueOrDefault);
        Release(best);
        return result;
    }

    private static double Step(
        TemporalNetwork network, optim.Optimizer optimizer, List<Parameter> parameters, Tensor weights, VideoFeatures video, Random draws, int step)
    {
        using var scope = NewDisposeScope();
        (float[] values, long[] labels) = Draw(video, draws);
        Tensor features = tensor(values, [labels.Length, video.Length]); // [T, FeatureLength]
        features = features + (randn_like(features) * network.Weights["input.scale"] * FeatureNoise);
        Tensor target = tensor(labels); // [T]
        optimizer.zero_grad();
        Tensor logits = network.Forward(features, Dropout); // [Stages, T, classes]
        Tensor loss = zeros(1).sum();
        for (int stage = 0; stage < network.Config.Stages; stage++)
        {
            loss = loss + nn.functional.cross_entropy(logits[stage], target, weight: weights);
            Tensor log = nn.functional.log_softmax(logits[stage], dim: 1);
            Tensor jump = log.slice(0, 1, labels.Length, 1) - log.slice(0, 0, labels.Length - 1, 1).detach();
            loss = loss + (jump.square().clamp(max: SmoothingLimit * SmoothingLimit).mean() * SmoothingWeight);
        }

        return GradientStep.Take("phase course", step, loss, parameters, optimizer, maxNorm: 1.0) / network.Config.Stages;
    }

    /// <summary>
    /// One of the video's variants, played faster or slower, sometimes from a later second on: videos differ in speed, and recordings start late.
    /// </summary>
    private static (float[] Values, long[] Labels) Draw(VideoFeatures video, Random draws)
    {
        float[] variant = video.Variants[draws.Next(video.Variants.Count)];
        double speed = Math.Exp(draws.Range(-StretchRange, StretchRange));
        double start = draws.Chance(LateStartShare) ? draws.NextDouble() * 0.6 * video.Phases.Length : 0;
        int count = Math.Max(2, (int)((video.Phases.Length - start) / speed));
        float[] values = new float[count * video.Length];
        long[] labels = new long[count];
        for (int i = 0; i < count; i++)
        {
            int at = Math.Min(video.Phases.Length - 1, (int)(start + (i * speed)));
            variant.AsSpan(at * video.Length, video.Length).CopyTo(values.AsSpan(i * video.Length));
            labels[i] = video.Phases[at];
        }

        return (values, labels);
    }

    private static double Accuracy(TemporalNetwork network, VideoFeatures video)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor logits = network.Forward(tensor(video.Variants[0], [video.Phases.Length, video.Length]));
        long[] answers = logits[network.Config.Stages - 1].argmax(1).data<long>().ToArray();
        return answers.Zip(video.Phases, (a, p) => a == p ? 1.0 : 0.0).Average();
    }

    private static void Standardise(TemporalNetwork network, IReadOnlyList<VideoFeatures> videos)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor all = cat([.. videos.Select(f => tensor(f.Variants[0], [f.Phases.Length, f.Length]))], dim: 0); // [frames, FeatureLength]
        network.Weights["input.mean"].copy_(all.mean([0]));
        network.Weights["input.scale"].copy_(all.std(0).clamp(min: 1e-3));
    }

    /// <summary>
    /// Square root of the median frequency over the phase's: rare phases count more, but not so much that frequent ones are given up.
    /// </summary>
    private Tensor ClassWeights(IReadOnlyList<VideoFeatures> videos)
    {
        double[] counts = new double[classes];
        foreach (int phase in videos.SelectMany(f => f.Phases))
        {
            counts[phase]++;
        }

        double[] present = [.. counts.Where(c => c > 0).Order()];
        double median = present[present.Length / 2];
        return tensor(counts.Select(c => c > 0 ? (float)Math.Sqrt(median / c) : 1f).ToArray());
    }

    private static Dictionary<string, Tensor> Snapshot(TemporalNetwork network) =>
        network.Weights.ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());

    private static void Release(Dictionary<string, Tensor> snapshot)
    {
        foreach (Tensor value in snapshot.Values)
        {
            value.Dispose();
        }
    }
}
