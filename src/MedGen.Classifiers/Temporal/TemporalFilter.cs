using TorchSharp;

namespace MedGen.Classifiers.Temporal;

/// <summary>
/// The weights of a <see cref="TemporalNetwork"/> as plain arrays, from which any number of streams is started, on any thread: one step is
/// too small a piece of work for the device's queue.
/// </summary>
public sealed class TemporalFilter
{
    /// <summary>Copies the weights of a network.</summary>
    /// <param name="network">The network; not kept.</param>
    public TemporalFilter(TemporalNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Config = network.Config;
        Mean = Values(network, "input.mean");
        Scale = Values(network, "input.scale");
        Stages = [.. Enumerable.Range(0, Config.Stages).Select(s => new TemporalStage(network, $"stage{s}"))];
    }

    /// <summary>The sizes.</summary>
    public TemporalNetworkConfig Config { get; }

    internal float[] Mean { get; }

    internal float[] Scale { get; }

    internal IReadOnlyList<TemporalStage> Stages { get; }

    /// <summary>Starts at a video's first frame.</summary>
    /// <returns>The session; for one video and one thread at a time.</returns>
    public TemporalSession Start() => new(this);

    internal static float[] Values(TemporalNetwork network, string name, params long[] order)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        torch.Tensor value = network.Weights[name];
        return (order.Length > 0 ? value.permute(order) : value).cpu().contiguous().data<float>().ToArray();
    }
}
