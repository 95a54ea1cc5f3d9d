using MedGen.Sdk.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Convolution = MedGen.Torch.Operations.Convolution;

namespace MedGen.Classifiers.Networks;

/// <summary>
/// The first three stages of a ResNet-18 (He et al. 2016, arXiv:1512.03385) that was trained on photographs (ImageNet), with its batch normalisation
/// folded into the convolutions. Never trained further: what it sees in a picture is not fitted to any medical archive. The last stage is left out,
/// since its features are those of the photographs' classes and named sources never seen worse (docs/adr/0029-frozen-features.md).
/// Owns its weights; not thread-safe.
/// </summary>
public sealed class ResidualBackbone : IDisposable
{
    /// <summary>Width and height of a view in px.</summary>
    public const int ViewSide = 128;

    private const int StemWidth = 64;
    private const int StemSize = 7;
    private const int BlocksPerStage = 2;
    private static readonly int[] Widths = [64, 128, 256];

    // Mean blue, green and red of the photographs, 0 to 255, as the trainer of the weights subtracted them.
    private static readonly float[] MeanBlueGreenRed = [103.063f, 115.903f, 123.152f];

    private readonly Dictionary<string, Parameter> _weights;

    private ResidualBackbone(Dictionary<string, Parameter> weights) => _weights = weights;

    /// <summary>Length of the feature vector: the means of the second and of the third stage's maps.</summary>
    public static int FeatureLength => Widths[1] + Widths[2];

    /// <summary>All weights by name, float32.</summary>
    public IReadOnlyDictionary<string, Parameter> Weights => _weights;

    /// <summary>Names and shapes of the weights: convolutions over blue, green and red, each with a bias.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Shapes()
    {
        foreach ((string name, int input, int output, int size) in Layers())
        {
            yield return ($"{name}.weight", [output, input, size, size]);
            yield return ($"{name}.bias", [output]);
        }
    }

    /// <summary>
    /// The convolutions in the order in which a released ResNet-18 lists them: a block's shortcut comes before its own convolutions.
    /// </summary>
    public static IEnumerable<(string Name, int Input, int Output, int Size)> Layers()
    {
        yield return ("stem", 3, StemWidth, StemSize);
        int input = StemWidth;
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            for (int block = 0; block < BlocksPerStage; block++)
            {
                string name = $"stage{stage + 1}.block{block + 1}";
                if (input != Widths[stage])
                {
                    yield return ($"{name}.shortcut", input, Widths[stage], 1);
                }

                yield return ($"{name}.first", input, Widths[stage], 3);
                yield return ($"{name}.second", Widths[stage], Widths[stage], 3);
                input = Widths[stage];
            }
        }
    }

    /// <summary>Builds a backbone over weights that were read from a file.</summary>
    /// <param name="fileName">Name for the error message.</param>
    /// <param name="source">Gives the tensor of a name, or null when there is none; the tensor is copied.</param>
    /// <param name="device">Where the backbone runs.</param>
    /// <returns>The backbone; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape, or holds a value that is not finite.</exception>
    public static ResidualBackbone FromWeights(string fileName, Func<string, Tensor?> source, Device device) =>
        new(NetworkWeights.Copy(fileName, Shapes(), source, device));

    /// <summary>The features of views: square roots of the means of the maps, each stage's part of length 1.</summary>
    /// <param name="views">[N, 3, side, side], float32, 0 … 1, RGB; the side is a multiple of 16.</param>
    /// <returns>[N, FeatureLength], float32.</returns>
    public Tensor Embed(Tensor views)
    {
        using var scope = NewDisposeScope();
        (Tensor second, Tensor third) = Stages(views);
        return cat([Unit(second), Unit(third)], dim: 1).MoveToOuterDisposeScope(); // [N, FeatureLength]

        static Tensor Unit(Tensor maps) => nn.functional.normalize(maps.mean([2, 3]).sqrt(), dim: 1);
    }

    /// <summary>The maps of the second and of the third stage.</summary>
    /// <param name="views">[N, 3, side, side], float32, 0 … 1, RGB; the side is a multiple of 16.</param>
    /// <returns>[N, 128, side / 8, side / 8] and [N, 256, side / 16, side / 16], float32, none below 0.</returns>
    internal (Tensor Second, Tensor Third) Stages(Tensor views)
    {
        ArgumentNullException.ThrowIfNull(views);
        using var scope = NewDisposeScope();
        Tensor mean = tensor(MeanBlueGreenRed, device: views.device).view(1, 3, 1, 1);
        Tensor x = (views.flip(1) * 255) - mean;
        x = nn.functional.relu(Convolve("stem", x, stride: 2, before: 3, after: 2)); // [N, 64, side / 2, side / 2]
        x = nn.functional.max_pool2d(nn.functional.pad(x, [1, 0, 1, 0]), [3, 3], [2, 2]); // [N, 64, side / 4, side / 4]
        Tensor second = x;
        for (int stage = 1; stage <= Widths.Length; stage++)
        {
            second = stage == Widths.Length ? x : second;
            for (int block = 1; block <= BlocksPerStage; block++)
            {
                x = Block($"stage{stage}.block{block}", x);
            }
        }

        return (second.MoveToOuterDisposeScope(), x.MoveToOuterDisposeScope());
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (Parameter weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    private Tensor Block(string name, Tensor x)
    {
        bool halves = _weights.ContainsKey($"{name}.shortcut.weight");
        Tensor shortcut = halves ? Convolve($"{name}.shortcut", x, stride: 2, before: 0, after: 0) : x;
        Tensor branch = nn.functional.relu(Convolve($"{name}.first", x, stride: halves ? 2 : 1, before: 1, after: halves ? 0 : 1));
        return nn.functional.relu(Convolve($"{name}.second", branch, stride: 1, before: 1, after: 1) + shortcut);
    }

    /// <summary>These weights learnt with more zeros before than behind, where a stride of 2 leaves an odd number.</summary>
    private Tensor Convolve(string name, Tensor x, int stride, int before, int after)
    {
        bool even = before == after;
        Tensor padded = even ? x : nn.functional.pad(x, [before, after, before, after]);
        long pad = even ? before : 0;
        return Convolution.Forward(padded, _weights[$"{name}.weight"], _weights[$"{name}.bias"], strides: [stride, stride], padding: [pad, pad]);
    }
}
