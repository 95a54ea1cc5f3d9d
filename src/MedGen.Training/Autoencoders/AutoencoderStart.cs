using MedGen.Sdk.Errors;
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
    WanAutoencoderConfig Config, IReadOnlyDictionary<string, Tensor> Trained, IReadOnlyDictionary<string, Tensor> Fixed,
    WanAutoencoderConfig? Statistics)
{
    /// <summary>Random weights, all of them trained.</summary>
    public static AutoencoderStart Random(AutoencoderRecipe sizes, int seed)
    {
        WanAutoencoderConfig config = ConfigOf(sizes);
        return new(config, InitialWeights.Autoencoder(config, seed), new Dictionary<string, Tensor>(), Statistics: null);
    }

    /// <summary>A trained autoencoder, all of it trained on: its latents change, so a transformer over them must be trained on, too.</summary>
    /// <exception cref="InvalidInputException">The recipe's sizes are not the given ones.</exception>
    public static AutoencoderStart Of(ModelFolder folder, AutoencoderRecipe sizes, Device device)
    {
        WanAutoencoderConfig config = ConfigOf(sizes);
        using WanAutoencoder given = folder.OpenAutoencoder(device, ScalarType.Float32);
        ThrowIfOther(given.Config, config);
        return new(config, Copies(given.Parameters), new Dictionary<string, Tensor>(), Statistics: null);
    }

    /// <summary>
    /// A trained autoencoder, of which only the decoder is trained: its latents, and so any transformer over them, keep their meaning.
    /// </summary>
    public static AutoencoderStart DecoderOf(ModelFolder folder, Device device)
    {
        using WanAutoencoder given = folder.OpenAutoencoder(device, ScalarType.Float32);
        ILookup<bool, KeyValuePair<string, Tensor>> byRole = given.Parameters.ToLookup(pair => BelongsToDecoder(pair.Key));
        return new(Unscaled(given.Config), Copies(byRole[true]), Copies(byRole[false]), given.Config);
    }

    private static WanAutoencoderConfig ConfigOf(AutoencoderRecipe sizes) => Unscaled(WanAutoencoderConfig.Wan21 with
    {
        Dim = sizes.Dim,
        LatentChannels = sizes.LatentChannels,
        Multipliers = sizes.Multipliers,
        NumResidualBlocks = sizes.NumResidualBlocks,
    });

    private static void ThrowIfOther(WanAutoencoderConfig given, WanAutoencoderConfig wanted)
    {
        FieldViolation?[] violations =
        [
            Violation("dim", wanted.Dim, given.Dim, wanted.Dim == given.Dim),
            Violation(
                "multipliers", string.Join(
                    ", ", wanted.Multipliers), string.Join(", ", given.Multipliers), wanted.Multipliers.SequenceEqual(given.Multipliers)),
            Violation("num_residual_blocks", wanted.NumResidualBlocks, given.NumResidualBlocks, wanted.NumResidualBlocks == given.NumResidualBlocks),
            Violation("latent_channels", wanted.LatentChannels, given.LatentChannels, wanted.LatentChannels == given.LatentChannels),
        ];
        if (violations.OfType<FieldViolation>().ToArray() is { Length: > 0 } found)
        {
            throw new InvalidInputException(found);
        }

        static FieldViolation? Violation(string field, object got, object allowed, bool isGood) =>
            isGood ? null : new($"autoencoder.{field}", $"got {got}; the base has {allowed}.");
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
