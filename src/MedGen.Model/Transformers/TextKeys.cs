using static TorchSharp.torch;

namespace MedGen.Model.Transformers;

/// <summary>Keys and values of the text in one block.</summary>
/// <param name="Key">[B, heads, L, headDim].</param>
/// <param name="Value">[B, heads, L, headDim].</param>
/// <param name="Bias">Added to the attention logits, [B, 1, 1, L]; null: nothing to add.</param>
internal sealed record TextKeys(Tensor Key, Tensor Value, Tensor? Bias);
