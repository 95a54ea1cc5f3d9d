using static TorchSharp.torch;

namespace MedGen.Model.Parameters;

/// <summary>Reads a weight from where it is stored.</summary>
/// <param name="name">Original name.</param>
/// <param name="shape">Shape that it must have.</param>
/// <returns>The weight as it is stored; it belongs to the caller.</returns>
/// <exception cref="MedGen.Abstractions.Errors.ModelFormatException">It is missing or has another shape.</exception>
internal delegate Tensor WeightReader(string name, long[] shape);
