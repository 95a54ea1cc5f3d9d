using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Model.Pipelines;

/// <summary>A layer that gives features: the autoencoder's latents or a block of the transformer.</summary>
/// <param name="Block">Index of the block; null: the autoencoder.</param>
internal readonly record struct FeatureLayer(int? Block)
{
    private const string Autoencoder = "autoencoder";
    private const string BlockPrefix = "block.";

    /// <summary>Reads a layer's name.</summary>
    /// <exception cref="InvalidInputException">There is no such layer.</exception>
    public static FeatureLayer Parse(string layer, int blocks)
    {
        if (layer == Autoencoder)
        {
            return new FeatureLayer(null);
        }

        return layer.StartsWith(BlockPrefix, StringComparison.Ordinal)
            && int.TryParse(layer.AsSpan(BlockPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < blocks
                ? new FeatureLayer(index)
                : throw new InvalidInputException(
                    "layer", $"is no layer of this model; allowed: {Autoencoder} and {BlockPrefix}0 to {BlockPrefix}{blocks - 1}.");
    }
}
