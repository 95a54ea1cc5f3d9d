using MedGen.Abstractions.Frames;

namespace MedGen.Torch.Metrics;

/// <summary>A network that describes a whole clip by one vector. Figures over different networks cannot be compared, so each has a name.</summary>
public interface IVideoFeatures
{
    /// <summary>Network, weights and layer, as a report prints them.</summary>
    string Name { get; }

    /// <summary>Describes a clip.</summary>
    /// <param name="frames">The clip; its frames stay the caller's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>[D], the same D for every clip of one shape.</returns>
    Task<float[]> DescribeAsync(IReadOnlyList<VideoFrame> frames, CancellationToken cancellationToken);
}
