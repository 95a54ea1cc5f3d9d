using MedGen.Classifiers.Networks;
using MedGen.Sdk.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Temporal;

/// <summary>
/// A causal multi-stage temporal convolutional network over the features of a video's frames (TeCNO, Czempiel et al. 2020; MS-TCN, Farha and Gall
/// 2019):
/// dilated residual layers, of which each output depends on its own and earlier frames only. For training, where a whole video is one input;
/// <see cref="TemporalSession"/> computes the same frame by frame. Owns its weights.
/// </summary>
public sealed class TemporalNetwork : IDisposable
{
    /// <summary>Frames that a layer combines: the present one and those 1 and 2 dilations before.</summary>
    internal const int Taps = 3;

    private readonly Dictionary<string, Parameter> _weights;

    private TemporalNetwork(TemporalNetworkConfig config, Dictionary<string, Parameter> weights) => (Config, _weights) = (config, weights);

    /// <summary>The sizes.</summary>
    public TemporalNetworkConfig Config { get; }

    /// <summary>All weights by name, float32. <c>input.mean</c> and <c>input.scale</c> standardise the features; they are not trained.</summary>
    public IReadOnlyDictionary<string, Parameter> Weights => _weights;

    /// <summary>Makes a network with random weights; residual branches start small.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="generator">The only source of randomness.</param>
    /// <returns>The network, on the CPU, ready for training.</returns>
    public static TemporalNetwork Create(TemporalNetworkConfig config, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(generator);
        var weights = new Dictionary<string, Parameter>();
        foreach ((string name, long[] shape) in config.Shapes())
        {
            using var scope = NewDisposeScope();
            Tensor value = name switch
            {
                "input.scale" => ones(shape),
                _ when shape.Length == 1 => zeros(shape),
                _ when name.EndsWith("dilated.weight", StringComparison.Ordinal) =>
                randn(shape, generator: generator) * Math.Sqrt(2.0 / (shape[1] * shape[2])),
                _ when name.EndsWith("point.weight", StringComparison.Ordinal) =>
                randn(shape, generator: generator) * (0.5 / Math.Sqrt(shape[1] * config.Layers)),
                _ => randn(shape, generator: generator) / Math.Sqrt(shape[1]),
            };
            bool trained = !name.StartsWith("input.", StringComparison.Ordinal);
            weights.Add(name, new Parameter(value.clone().DetachFromDisposeScope(), requires_grad: trained));
        }

        return new TemporalNetwork(config, weights);
    }

    /// <summary>Builds a network over weights that were read from a file.</summary>
    /// <param name="fileName">Name for the error message.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="source">Gives the tensor of a name, or null when there is none; the tensor is copied.</param>
    /// <returns>The network on the CPU, for inference.</returns>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public static TemporalNetwork FromWeights(string fileName, TemporalNetworkConfig config, Func<string, Tensor?> source)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new TemporalNetwork(config, NetworkWeights.Copy(fileName, config.Shapes(), source, CPU));
    }

    /// <summary>Classifies every frame of a video.</summary>
    /// <param name="features">[T, FeatureLength], float32, in the order of time.</param>
    /// <param name="dropout">Share of values left out in each layer (training), 0 for none.</param>
    /// <returns>Logits [Stages, T, Classes], float32; the last stage's are the answer.</returns>
    public Tensor Forward(Tensor features, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        Tensor x = ((features - _weights["input.mean"]) / _weights["input.scale"]).t().unsqueeze(0); // [1, FeatureLength, T]
        var logits = new List<Tensor>();
        for (int stage = 0; stage < Config.Stages; stage++)
        {
            x = stage == 0 ? x : nn.functional.softmax(logits[^1], dim: 1);
            logits.Add(Stage($"stage{stage}", x, dropout)); // [1, Classes, T]
        }

        return cat(logits, dim: 0).transpose(1, 2).contiguous().MoveToOuterDisposeScope(); // [Stages, T, Classes]
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Parameter weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    private Tensor Stage(string name, Tensor x, double dropout)
    {
        x = Pointwise($"{name}.in", x); // [1, Maps, T]
        for (int layer = 0; layer < Config.Layers; layer++)
        {
            int dilation = 1 << layer;
            Tensor past = nn.functional.pad(x, [(Taps - 1) * dilation, 0]); // [1, Maps, 2 · dilation + T]
            Tensor weight = _weights[$"{name}.layer{layer}.dilated.weight"]; // [Maps, Maps, Taps]
            Tensor branch = _weights[$"{name}.layer{layer}.dilated.bias"].unsqueeze(1);
            for (int tap = 0; tap < Taps; tap++)
            {
                // Products instead of conv1d, whose CPU kernels may read past the channels (see FrameNetwork).
                branch = branch + matmul(weight.select(2, tap), past.narrow(2, tap * dilation, x.shape[2])); // [1, Maps, T]
            }

            branch = Pointwise($"{name}.layer{layer}.point", nn.functional.relu(branch));
            if (dropout > 0)
            {
                branch = nn.functional.dropout(branch, dropout, training: true);
            }

            x = x + branch;
        }

        return Pointwise($"{name}.out", x);
    }

    private Tensor Pointwise(string name, Tensor x) => matmul(_weights[$"{name}.weight"], x) + _weights[$"{name}.bias"].unsqueeze(1);
}
