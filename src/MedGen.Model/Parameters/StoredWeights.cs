using static TorchSharp.torch;

namespace MedGen.Model.Parameters;

/// <summary>Weights where they are stored, under their original names.</summary>
/// <param name="FileName">File or folder named in errors.</param>
/// <param name="Shapes">Shapes by original name.</param>
/// <param name="Read">Gives a tensor, which then belongs to the caller.</param>
internal sealed record StoredWeights(string FileName, IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes, Func<string, Tensor> Read);
