using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>
/// What is computed of timesteps, once for each distinct one, and which of them each token has. A token's own copy, as large as the tokens, is made
/// only where it is used.
/// </summary>
/// <param name="Values">Float32 [B, n, dim], one for each clip; with an index [distinct timesteps, n, dim].</param>
/// <param name="Index">Row of the values for each token, int64 [B, S]; null: a clip's tokens have one timestep.</param>
internal readonly record struct TokenTimes(Tensor Values, Tensor? Index)
{
    /// <summary>What the tokens get of a part of the values.</summary>
    /// <param name="part">[B, 1, dim]; with an index [distinct timesteps, 1, dim].</param>
    /// <returns>[B, 1, dim]; with an index [B, S, dim].</returns>
    public Tensor Of(Tensor part) => Index is null
        ? part
        : part.squeeze(1).index_select(0, Index.flatten()).view(Index.shape[0], Index.shape[1], part.shape[2]);
}
