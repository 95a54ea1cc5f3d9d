using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using static TorchSharp.torch;

namespace MedGen.Training.Autoencoders;

/// <summary>What an autoencoder's training starts from, and what of it is trained. Tensors lie in the dispose scope of whoever made it.</summary>
/// <param name="Config">Sizes; nothing is scaled while it is trained.</param>
/// <param name="Trained">Starting weights of what is trained, by their original names.</param>
/// <param name="Fixed">Weights that stay as they are, float32 on the training's device.</param>
/// <param name="Statistics">The config whose latent statistics are kept; null: they are measured when the training writes its model.</param>
internal sealed record AutoencoderStart(
    WanAutoencoderConfig Config, IReadOnlyDictionary<string, Tensor> Trained, IReadOnlyDictionary<string, Tensor> Fixed, WanAutoencoderConfig? Statistics)
{
    /// <summary>Random weights, all of them trained.</summary>
    public static AutoencoderStart Random(AutoencoderRecipe sizes, int seed)
    {
        WanAutoencoderConfig config = Unscaled(WanAutoencoderConfig.Wan21 with
        {
            Dim = sizes.Dim,
            LatentChannels = sizes.LatentChannels,
            Multipliers = sizes.Multipliers,
            NumResidualBlocks = sizes.NumResidualBlocks,
        });
        return new(config, InitialWeights.Autoencoder(config, seed), new Dictionary<string, Tensor>(), Statistics: null);
    }

    /// <summary>A trained autoencoder, all of it trained on: its latents change, so a transformer over them must be trained on, too.</summary>
    public static AutoencoderStart Of(ModelFolder folder, Device device)
    {
        using WanAutoencoder given = folder.OpenAutoencoder(device, ScalarType.Float32);
        return new(Unscaled(given.Config), Copies(given.Parameters), new Dictionary<string, Tensor>(), Statistics: null);
    }

    /// <summary>A trained autoencoder, of which only the decoder is trained: its latents, and so any transformer over them, keep their meaning.</summary>
    public static AutoencoderStart DecoderOf(ModelFolder folder, Device device)
    {
        using WanAutoencoder given = folder.OpenAutoencoder(device, ScalarType.Float32);
        ILookup<bool, KeyValuePair<string, Tensor>> byRole = given.Parameters.ToLookup(pair => BelongsToDecoder(pair.Key));
        return new(Unscaled(given.Config), Copies(byRole[true]), Copies(byRole[false]), given.Config);
    }

    private static bool BelongsToDecoder(string name) =>
        name.StartsWith("decoder.", StringComparison.Ordinal) || name.StartsWith("conv2.", StringComparison.Ordinal);

    private static Dictionary<string, Tensor> Copies(IEnumerable<KeyValuePair<string, Tensor>> weights) =>
        weights.ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone(), StringComparer.Ordinal);

    private static WanAutoencoderConfig Unscaled(WanAutoencoderConfig config) => config with
    {
        LatentMean = [.. Enumerable.Repeat(0f, config.LatentChannels)],
        LatentStd = [.. Enumerable.Repeat(1f, config.LatentChannels)],
    };
}
