using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>From captions to the rows that the transformer attends to.</summary>
internal interface ITextConditioning : IDisposable
{
    /// <summary>Encodes captions.</summary>
    /// <param name="captions">Captions.</param>
    /// <param name="weights">Weights that are trained, by name.</param>
    /// <returns>Rows of each caption's real tokens, [L, dim], in the current dispose scope.</returns>
    IReadOnlyList<Tensor> Encode(IReadOnlyList<string> captions, IReadOnlyDictionary<string, Tensor> weights);
}
