using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Archives;

/// <summary>A name that a pickle asks for; one of those that <see cref="TensorPickle"/> knows.</summary>
internal sealed record PickledGlobal(string Name);

/// <summary>A tuple.</summary>
internal sealed record PickledTuple(IReadOnlyList<object?> Items);

/// <summary>A stored run of numbers, which tensors are views of.</summary>
/// <param name="Key">Name of the entry in <c>data/</c>.</param>
/// <param name="DataType">Type of the numbers.</param>
/// <param name="Count">How many there are.</param>
internal sealed record PickledStorage(string Key, SafetensorsDataType DataType, long Count);

/// <summary>A view of a storage.</summary>
/// <param name="Storage">What it looks at.</param>
/// <param name="Offset">First number.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Strides">Numbers from one to the next, in each dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides);
