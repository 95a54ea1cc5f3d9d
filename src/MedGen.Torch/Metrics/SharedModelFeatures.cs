using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Models;

namespace MedGen.Torch.Metrics;

/// <summary>The shared model as a feature network: what a layer makes of a clip, averaged over its places.</summary>
/// <param name="model">The model.</param>
/// <param name="layer">See <see cref="IMedGenModel.ExtractFeaturesAsync"/>.</param>
public sealed class SharedModelFeatures(IMedGenModel model, string layer) : IVideoFeatures
{
    private const int HashDigits = 12;
    private const int LatentRank = 4; // [channels, frames, height, width]; a block's features are [tokens, dim]

    /// <inheritdoc/>
    public string Name => $"{model.Description.Name} {model.Description.Hash[..HashDigits]}, {layer}, mean over places";

    /// <inheritdoc/>
    public async Task<float[]> DescribeAsync(IReadOnlyList<VideoFrame> frames, CancellationToken cancellationToken)
    {
        ModelFeatures features = await model.ExtractFeaturesAsync(frames, layer, timestep: 0, cancellationToken).ConfigureAwait(false);
        bool isLatent = features.Shape.Count == LatentRank;
        int width = isLatent ? features.Shape[0] : features.Shape[^1];
        int places = features.Values.Length / width;
        float[] mean = new float[width]; // [D]
        for (int i = 0; i < features.Values.Length; i++)
        {
            mean[isLatent ? i / places : i % width] += features.Values.Span[i] / places;
        }

        return mean;
    }
}
