using static TorchSharp.torch;

namespace MedGen.Model.Parameters;

/// <summary>The weights of one part, taken from where they are stored, and owned: they live until the set is disposed.</summary>
/// <param name="read">Reads them.</param>
/// <param name="device">Where they shall live.</param>
/// <param name="dataType">Number type that the part computes in.</param>
internal sealed class ParameterSet(WeightReader read, Device device, ScalarType dataType) : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = [];

    /// <summary>The weights by their original name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Device of the weights.</summary>
    public Device Device { get; } = device;

    /// <summary>Number type that the part computes in.</summary>
    public ScalarType DataType { get; } = dataType;

    /// <summary>Builds a part over weights, which then owns them; when that fails, they are let go.</summary>
    /// <typeparam name="TPart">The part.</typeparam>
    /// <param name="read">Reads the weights.</param>
    /// <param name="device">Where they shall live.</param>
    /// <param name="dataType">Number type that the part computes in.</param>
    /// <param name="build">Builds it.</param>
    public static TPart Build<TPart>(WeightReader read, Device device, ScalarType dataType, Func<ParameterSet, TPart> build)
    {
        ParameterSet parameters = new(read, device, dataType);
        try
        {
            return build(parameters);
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    /// <summary>Takes a weight, converted to the set's number type.</summary>
    /// <param name="name">Original name.</param>
    /// <param name="shape">Shape that it must have.</param>
    /// <returns>The weight; the set stays its owner.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
    public Tensor Take(string name, params long[] shape) => Add(name, read(name, shape), DataType);

    /// <summary>Takes a weight in float32, whatever the set's number type (norms, modulation, time embedding).</summary>
    /// <param name="name">Original name.</param>
    /// <param name="shape">Shape that it must have.</param>
    /// <returns>The weight; the set stays its owner.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
    public Tensor TakeFloat32(string name, params long[] shape) => Add(name, read(name, shape), ScalarType.Float32);

    /// <summary>Takes a weight in the number type in which it is stored (tables of which only a few rows are used at a time).</summary>
    /// <param name="name">Original name.</param>
    /// <param name="shape">Shape that it must have.</param>
    /// <returns>The weight; the set stays its owner.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
    public Tensor TakeAsStored(string name, params long[] shape)
    {
        Tensor tensor = read(name, shape);
        return Add(name, tensor, tensor.dtype);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values)
        {
            tensor.Dispose();
        }

        _tensors.Clear();
    }

    private Tensor Add(string name, Tensor tensor, ScalarType dataType)
    {
        Tensor converted = tensor.to(dataType, Device);
        if (!ReferenceEquals(converted, tensor))
        {
            tensor.Dispose();
        }

        _tensors[name] = converted.DetachFromDisposeScope();
        return converted;
    }
}
