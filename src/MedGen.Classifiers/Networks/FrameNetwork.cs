using MedGen.Sdk.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Convolution = MedGen.Torch.Operations.Convolution;

namespace MedGen.Classifiers.Networks;

/// <summary>
/// A compact convolutional network that classifies one view of a frame. Group normalisation instead of batch normalisation: it has no running
/// statistics that would hold the training sources' brightness and contrast. Features of the last two scales are pooled by mean and maximum.
/// Owns its weights; training and inference use the same code.
/// </summary>
public sealed class FrameNetwork : IDisposable
{
    /// <summary>Width and height of a view in px.</summary>
    public const int ViewSide = 64;

    private const int Groups = 8;
    private static readonly int[] Widths = [24, 48, 80, 128];

    private readonly Dictionary<string, Parameter> _weights;

    private FrameNetwork(Dictionary<string, Parameter> weights)
    {
        _weights = weights;
        Classes = (int)weights["head.weight"].shape[0];
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Length of the pooled feature vector: mean and maximum of the last two scales.</summary>
    public static int FeatureLength => 2 * (Widths[2] + Widths[3]);

    /// <summary>All weights by name, float32.</summary>
    public IReadOnlyDictionary<string, Parameter> Weights => _weights;

    /// <summary>Makes a network with random weights (He initialisation; residual branches start at zero scale).</summary>
    /// <param name="classes">Number of classes, at least 2.</param>
    /// <param name="generator">The only source of randomness.</param>
    /// <returns>The network, on the CPU, ready for training.</returns>
    public static FrameNetwork Create(int classes, Generator generator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentNullException.ThrowIfNull(generator);
        var weights = new Dictionary<string, Parameter>();
        foreach ((string name, long[] shape) in Shapes(classes))
        {
            using Tensor value = name switch
            {
                _ when name.EndsWith(".residual.scale", StringComparison.Ordinal) => zeros(shape),
                _ when name.EndsWith("scale", StringComparison.Ordinal) => ones(shape),
                _ when shape.Length == 4 => randn(shape, generator: generator) * Math.Sqrt(2.0 / (shape[1] * shape[2] * shape[3])),
                _ when shape.Length == 2 => randn(shape, generator: generator) * Math.Sqrt(1.0 / shape[1]),
                _ => zeros(shape),
            };
            weights.Add(name, new Parameter(value.clone().DetachFromDisposeScope()));
        }

        return new FrameNetwork(weights);
    }

    /// <summary>Builds a network over weights that were read from a file.</summary>
    /// <param name="fileName">Name for the error message.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="source">Gives the tensor of a name, or null when there is none; the tensor is copied.</param>
    /// <param name="device">Where the network runs.</param>
    /// <returns>The network, for inference.</returns>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public static FrameNetwork FromWeights(string fileName, int classes, Func<string, Tensor?> source, Device device) =>
        new(NetworkWeights.Copy(fileName, Shapes(classes), source, device));

    /// <summary>Classifies views.</summary>
    /// <param name="views">[N, 3, ViewSide, ViewSide], float32, 0 … 1, RGB.</param>
    /// <param name="dropout">Share of features left out (training), 0 for none.</param>
    /// <returns>Logits [N, classes], float32.</returns>
    public Tensor Forward(Tensor views, double dropout = 0)
    {
        using var scope = NewDisposeScope();
        Tensor features = Embed(views);
        if (dropout > 0)
        {
            features = nn.functional.dropout(features, dropout, training: true);
        }

        return nn.functional.linear(features, _weights["head.weight"], _weights["head.bias"]).MoveToOuterDisposeScope(); // [N, classes]
    }

    /// <summary>The pooled features of views, which the head classifies and a temporal network reads.</summary>
    /// <param name="views">[N, 3, ViewSide, ViewSide], float32, 0 … 1, RGB.</param>
    /// <returns>Features [N, FeatureLength], float32.</returns>
    public Tensor Embed(Tensor views)
    {
        ArgumentNullException.ThrowIfNull(views);
        using var scope = NewDisposeScope();
        Tensor x = (views - 0.5) / 0.25;
        x = Activate("stem", Convolution.Forward(x, _weights["stem.weight"], strides: [2, 2], padding: [2, 2])); // [N, 24, 32, 32]
        x = Stage("stage1", x); // [N, 48, 16, 16]
        Tensor middle = Stage("stage2", x); // [N, 80, 8, 8]
        Tensor last = Stage("stage3", middle); // [N, 128, 4, 4]
        return cat([Pool(middle), Pool(last)], dim: 1).MoveToOuterDisposeScope(); // [N, FeatureLength]

        static Tensor Pool(Tensor maps) => cat([maps.mean([2, 3]), maps.amax([2, 3])], dim: 1);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Parameter weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    private Tensor Stage(string name, Tensor x)
    {
        x = Activate($"{name}.down", Convolution.Forward(x, _weights[$"{name}.down.weight"], strides: [2, 2], padding: [1, 1]));
        Tensor branch = Convolution.Forward(x, _weights[$"{name}.residual.weight"], strides: [1, 1], padding: [1, 1]);
        return nn.functional.relu(x + Normalise($"{name}.residual", branch));
    }

    private Tensor Activate(string name, Tensor x) => nn.functional.relu(Normalise(name, x));

    private Tensor Normalise(string name, Tensor x) =>
        nn.functional.group_norm(x, Groups, _weights[$"{name}.scale"], _weights[$"{name}.shift"], 1e-5);

    private static IEnumerable<(string Name, long[] Shape)> Shapes(int classes)
    {
        yield return ("stem.weight", [Widths[0], 3, 5, 5]);
        yield return ("stem.scale", [Widths[0]]);
        yield return ("stem.shift", [Widths[0]]);
        for (int stage = 1; stage < Widths.Length; stage++)
        {
            foreach ((string part, int input) in ((string, int)[])[("down", Widths[stage - 1]), ("residual", Widths[stage])])
            {
                yield return ($"stage{stage}.{part}.weight", [Widths[stage], input, 3, 3]);
                yield return ($"stage{stage}.{part}.scale", [Widths[stage]]);
                yield return ($"stage{stage}.{part}.shift", [Widths[stage]]);
            }
        }

        yield return ("head.weight", [classes, FeatureLength]);
        yield return ("head.bias", [classes]);
    }
}
