using static TorchSharp.torch;

namespace MedGen.Torch.Safetensors;

/// <summary>A tensor that is made when it is written, so that a file may be larger than the memory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Number type.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Make">Makes it, of that shape, in the current dispose scope; asked once. The writer rounds it to the number type.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsDataType Type, IReadOnlyList<long> Shape, Func<Tensor> Make);
