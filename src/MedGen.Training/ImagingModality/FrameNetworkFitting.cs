using MedGen.Torch.Frames;
using MedGen.Torch.Networks;
using MedGen.Training.Running;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGen.Training.ImagingModality;

/// <summary>Trains one frame network on clips of known labels, with outliers that it shall be unsure about (outlier exposure, Hendrycks et al. 2019).</summary>
internal sealed class FrameNetworkFitting(IReadOnlyList<string> labels, ModalityTrainingOptions options)
{
    private const double OutlierShare = 0.19;
    private const double LabelSmoothing = 0.05;
    private const double Dropout = 0.3;
    private const double WeightDecay = 0.03;
    private const double AverageDecay = 0.99;

    /// <summary>Trains a network; the result holds the running average of the weights.</summary>
    public FrameNetwork Fit(
        IReadOnlyList<ModalityClip> clips, IReadOnlyList<ModalityClip> phantoms, int seed, Action<int, double> onStep, CancellationToken cancellationToken)
    {
        var sampler = new ModalitySampler(labels, clips, phantoms, OutlierShare);
        using var generator = new Generator((ulong)seed);
        random.manual_seed(seed); // dropout draws from the global generator
        using FrameNetwork network = FrameNetwork.Create(labels.Count, generator);
        var parameters = network.Weights.Values.ToList();
        using var optimizer = optim.AdamW(parameters, lr: options.LearningRate, weight_decay: WeightDecay);
        var average = network.Weights.ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
        for (int step = 0; step < options.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = LearningRateAt(step);
            }

            double loss = Step(network, optimizer, parameters, sampler, seed, step);
            UpdateAverage(network, average, Math.Min(AverageDecay, (step + 1.0) / (step + 10)));
            onStep(step, loss);
        }

        FrameNetwork result = FrameNetwork.FromWeights("trained weights", labels.Count, average.GetValueOrDefault, CPU);
        foreach (Tensor value in average.Values)
        {
            value.Dispose();
        }

        return result;
    }

    private double Step(
        FrameNetwork network, optim.Optimizer optimizer, List<Parameter> parameters, ModalitySampler sampler, int seed, int step)
    {
        using var scope = NewDisposeScope();
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
        optimizer.zero_grad();
        Tensor loss = -(target * nn.functional.log_softmax(network.Forward(input, Dropout), dim: 1)).sum(1).mean();
        loss.backward();
        double norm = nn.utils.clip_grad_norm_(parameters, 2.0);
        double value = loss.item<float>();
        if (!double.IsFinite(value) || !double.IsFinite(norm))
        {
            throw new TrainingDivergedException("imaging modality", step + 1, value, norm, checkpointStep: 0);
        }

        optimizer.step();
        return value;
    }

    private static void UpdateAverage(FrameNetwork network, Dictionary<string, Tensor> average, double decay)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach ((string name, Parameter value) in network.Weights)
        {
            average[name].mul_(decay).add_(value.detach() * (1 - decay));
        }
    }

    private double LearningRateAt(int step)
    {
        double warmUp = Math.Max(1, options.Steps * 0.06);
        double rise = Math.Min(1, (step + 1) / warmUp);
        return options.LearningRate * rise * (0.02 + (0.98 * 0.5 * (1 + Math.Cos(Math.PI * step / options.Steps))));
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
