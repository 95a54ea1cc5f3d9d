using MedGen.Torch.Weights;

namespace MedGen.Model.Parameters;

/// <summary>Reads a weight from where it is stored: a file, or, while a part is trained, the graph that its parameters stand in.</summary>
/// <param name="name">Original name.</param>
/// <param name="shape">Shape that it must have.</param>
/// <returns>The weight as it is stored (a tensor is one); it belongs to the caller. Gradients reach it when it asks for them, through a change of
/// number type too.</returns>
/// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
public delegate StoredWeight WeightReader(string name, long[] shape);
