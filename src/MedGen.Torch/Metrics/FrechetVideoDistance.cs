using System.Globalization;
using MedGen.Abstractions.Frames;
using static TorchSharp.torch;

namespace MedGen.Torch.Metrics;

/// <summary>
/// Fréchet video distance (Unterthiner et al. 2018, arXiv 1812.01717) with all that it depends on: two figures can be compared only where everything but the distance
/// is equal. The published ones are over I3D; another network gives another scale.
/// </summary>
public sealed record FrechetVideoDistance
{
    /// <summary>The distance, 0 or more.</summary>
    public required double Distance { get; init; }

    /// <summary>Clips of the first sample.</summary>
    public required int Count { get; init; }

    /// <summary>Clips of the second sample.</summary>
    public required int OtherCount { get; init; }

    /// <summary>Frames of every clip.</summary>
    public required int Frames { get; init; }

    /// <summary>Width in px.</summary>
    public required int Width { get; init; }

    /// <summary>Height in px.</summary>
    public required int Height { get; init; }

    /// <summary>Width of the features.</summary>
    public required int Features { get; init; }

    /// <summary>Name of the feature network.</summary>
    public required string Network { get; init; }

    /// <summary>Compares two samples of clips.</summary>
    /// <param name="clips">Two or more clips.</param>
    /// <param name="others">Two or more clips of the same shape.</param>
    /// <param name="network">Describes them.</param>
    /// <param name="cancellationToken">Gives up between clips.</param>
    /// <returns>The distance.</returns>
    /// <exception cref="ArgumentException">A sample has fewer than two clips, or clips differ in frames or size; both are named.</exception>
    public static async Task<FrechetVideoDistance> OfAsync(
        IReadOnlyList<IReadOnlyList<VideoFrame>> clips, IReadOnlyList<IReadOnlyList<VideoFrame>> others, IVideoFeatures network, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(network);
        if (clips.Count < 2 || others.Count < 2)
        {
            throw new ArgumentException($"Got samples of {clips.Count} and {others.Count} clips; two or more each are needed.");
        }

        (int Frames, int Width, int Height)[] shapes = [.. clips.Concat(others).Select(clip => clip.Count == 0 ? (0, 0, 0) : (clip.Count, clip[0].Width, clip[0].Height)).Distinct()];
        if (shapes.Length > 1 || shapes[0].Frames == 0)
        {
            throw new ArgumentException($"Got clips of {string.Join(", ", shapes.Select(shape => $"{shape.Frames} frames of {shape.Width} × {shape.Height} px"))}; one shape is needed.");
        }

        double[][] first = await DescribeAsync(clips, network, cancellationToken).ConfigureAwait(false);
        double[][] second = await DescribeAsync(others, network, cancellationToken).ConfigureAwait(false);
        using Tensor a = tensor(first.SelectMany(row => row).ToArray(), [first.Length, first[0].Length]); // [N, D]
        using Tensor b = tensor(second.SelectMany(row => row).ToArray(), [second.Length, second[0].Length]); // [M, D]
        return new FrechetVideoDistance
        {
            Distance = FrechetDistance.Of(a, b),
            Count = clips.Count,
            OtherCount = others.Count,
            Frames = shapes[0].Frames,
            Width = shapes[0].Width,
            Height = shapes[0].Height,
            Features = first[0].Length,
            Network = network.Name,
        };
    }

    /// <summary>The line that a report prints.</summary>
    /// <returns>The distance and all that it depends on.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"FVD {Distance:0.###}: {Count} against {OtherCount} clips, {Frames} frames of {Width} × {Height} px, {Features} features of {Network}");

    private static async Task<double[][]> DescribeAsync(IReadOnlyList<IReadOnlyList<VideoFrame>> clips, IVideoFeatures network, CancellationToken cancellationToken)
    {
        double[][] rows = new double[clips.Count][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = [.. await network.DescribeAsync(clips[i], cancellationToken).ConfigureAwait(false)];
        }

        return rows;
    }
}
