using static TorchSharp.torch;

namespace MedGen.Training.Autoencoders;

/// <summary>
/// Gives a trained model more latent channels. What was there goes on as it did: the autoencoder reconstructs the same, the transformer says the same of the old
/// channels (function-preserving growth, arXiv 1511.05641). Results belong to the current dispose scope.
/// </summary>
internal static class LatentGrowth
{
    /// <summary>Grows an autoencoder: the decoder does not look at the new channels at first.</summary>
    /// <param name="given">Its weights, by their original names.</param>
    /// <param name="fresh">Random weights of the sizes wanted.</param>
    /// <returns>Weights of the sizes wanted.</returns>
    public static Dictionary<string, Tensor> Autoencoder(IReadOnlyDictionary<string, Tensor> given, IReadOnlyDictionary<string, Tensor> fresh)
    {
        (long old, long channels) = (given["conv2.bias"].size(0), fresh["conv2.bias"].size(0));
        return fresh.ToDictionary(pair => pair.Key, pair => old == channels ? given[pair.Key] : Grow(pair.Key, given[pair.Key], pair.Value), StringComparer.Ordinal);

        Tensor Grow(string name, Tensor before, Tensor random) => name switch
        {
            // Mean and logarithm of the variance lie one behind the other: [2z, 2z, 1, 1, 1].
            "conv1.weight" or "conv1.bias" => cat([Over(before.narrow(0, 0, old), random.narrow(0, 0, channels)), Over(before.narrow(0, old, old), random.narrow(0, channels, channels))]),
            "decoder.conv1.weight" => Over(before, zeros_like(random)),
            _ => Over(before, random),
        };
    }

    /// <summary>Grows a transformer: it neither looks at the new channels at first nor says anything of them.</summary>
    /// <param name="given">Its weights, by their original names.</param>
    /// <param name="channels">Latent channels wanted; at least as many as it has.</param>
    /// <returns>Its weights for that many channels.</returns>
    public static Dictionary<string, Tensor> Transformer(IReadOnlyDictionary<string, Tensor> given, int channels)
    {
        Tensor patch = given["patch_embedding.weight"]; // [dim, C, p, q, r]
        long old = patch.size(1);
        Dictionary<string, Tensor> grown = new(given, StringComparer.Ordinal);
        if (channels > old)
        {
            grown["patch_embedding.weight"] = cat([patch, zeros([patch.size(0), channels - old, .. patch.shape[2..]])], 1);
            grown["head.head.weight"] = Rows(given["head.head.weight"]);
            grown["head.head.bias"] = Rows(given["head.head.bias"]);
        }

        return grown;

        // [p · q · r · C, …]: the channels of each place of a patch are neighbours.
        Tensor Rows(Tensor rows)
        {
            Tensor places = rows.view([-1, old, .. rows.shape[1..]]);
            return cat([places, zeros([places.size(0), channels - old, .. rows.shape[1..]])], 1).flatten(0, 1);
        }
    }

    // The given values where there are some; where outputs that were there get new inputs, these count nothing.
    private static Tensor Over(Tensor given, Tensor random)
    {
        Tensor grown = random.clone();
        if (given.dim() > 1)
        {
            grown.narrow(0, 0, given.size(0)).zero_();
            grown.narrow(0, 0, given.size(0)).narrow(1, 0, given.size(1)).copy_(given);
        }
        else
        {
            grown.narrow(0, 0, given.size(0)).copy_(given);
        }

        return grown;
    }
}
