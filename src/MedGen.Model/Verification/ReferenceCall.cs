using MedGen.Sdk.Errors;
using MedGen.Model.Adapters;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>The transformer by the reference's call signature: latents of any shapes, one after the other.</summary>
internal static class ReferenceCall
{
    /// <summary>Predicts velocities.</summary>
    /// <param name="transformer">The transformer.</param>
    /// <param name="latents">Each [C, F, H, W].</param>
    /// <param name="timesteps">One for each latent, [B], or one for each token, [B, sequence length]; those behind an item's tokens are passed
    /// over.</param>
    /// <param name="contexts">One for each latent, [L, text_dim].</param>
    /// <param name="sequenceLength">Tokens that the reference pads each item to; padding is never attended to, so it only is a limit here. Null:
    /// none.</param>
    /// <param name="adapters">Adapters in use; null: none.</param>
    /// <param name="conditions">Channels joined to each latent, [C, F, H, W]; null: none.</param>
    /// <param name="images">Tokens of the image encoder for each latent, [tokens, image_dim]; null: none.</param>
    /// <returns>Velocity of each item, float32 [C, F, H, W].</returns>
    /// <exception cref="InvalidInputException">A shape does not fit, or an item has more tokens than allowed.</exception>
    public static IReadOnlyList<Tensor> ForwardEach(
        this WanTransformer transformer,
        IReadOnlyList<Tensor> latents,
        Tensor timesteps,
        IReadOnlyList<Tensor> contexts,
        int? sequenceLength = null,
        AdapterSet? adapters = null,
        IReadOnlyList<Tensor>? conditions = null,
        IReadOnlyList<Tensor>? images = null)
    {
        if (contexts.Count != latents.Count || timesteps.shape is not [var steps, ..] || steps != latents.Count)
        {
            throw new InvalidInputException(
                "timesteps",
                $"got {latents.Count} latents, {contexts.Count} contexts and timesteps of shape [{string.Join(", ", timesteps.shape)}]; needed as "
                    + "many of each.");
        }

        List<Tensor> results = [];
        for (int i = 0; i < latents.Count; i++)
        {
            using var scope = NewDisposeScope();
            ForwardContext context = new() { Adapters = adapters, Condition = conditions?[i].unsqueeze(0) };
            using TextContext text = transformer.PrepareText([contexts[i]], context, images?[i].unsqueeze(0));
            Tensor latent = latents[i].unsqueeze(0); // [1, C, F, H, W]
            long tokens = transformer.TokensOf(latent);
            if (tokens > sequenceLength)
            {
                throw new InvalidInputException(
                    "sequence_length", $"got {sequenceLength} for a latent of {tokens} tokens; allowed: at least that number.");
            }

            results.Add(transformer.Forward(latent, Of(timesteps, i, tokens), text, context).squeeze(0).MoveToOuterDisposeScope()); // [C, F, H, W]
        }

        return results;
    }

    /// <summary>The timesteps of an item.</summary>
    /// <param name="timesteps">[B] or [B, sequence length].</param>
    /// <param name="item">Its index.</param>
    /// <param name="tokens">How many tokens it has.</param>
    /// <returns>[1] or [1, tokens].</returns>
    public static Tensor Of(Tensor timesteps, int item, long tokens)
    {
        Tensor own = timesteps.narrow(0, item, 1);
        return own.dim() == 1 ? own : own.narrow(1, 0, tokens);
    }
}
