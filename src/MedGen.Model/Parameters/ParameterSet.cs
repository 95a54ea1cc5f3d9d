using MedGen.Model.Sizing;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Model.Parameters;

/// <summary>The weights of one part, taken from where they are stored, and owned: they live until the set is disposed.</summary>
/// <param name="read">Reads them.</param>
/// <param name="device">Where they shall live.</param>
/// <param name="dataType">Number type that the part computes in.</param>
internal sealed class ParameterSet(WeightReader read, Device device, ScalarType dataType) : IDisposable
{
    private readonly Dictionary<string, StoredWeight> _weights = [];

    /// <summary>The weights by their original name.</summary>
    public IReadOnlyDictionary<string, StoredWeight> Weights => _weights;

    /// <summary>Bytes that the weights take, the largest quantised one a second time in the numbers that are made of it while it is used.</summary>
    public long ByteLength => _weights.Values.Sum(weight => weight.ByteLength)
        + (_weights.Values.Where(weight => weight.IsQuantized).Select(weight => weight.ElementCount).DefaultIfEmpty().Max()
            * GenerationCost.ItemSize(DataType));

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

    /// <summary>Takes a weight as numbers of the set's type.</summary>
    /// <param name="name">Original name.</param>
    /// <param name="shape">Shape that it must have.</param>
    /// <returns>The weight; the set stays its owner.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
    public Tensor Take(string name, params long[] shape) => AddNumbers(name, shape, DataType);

    /// <summary>Takes a weight as float32, whatever the set's number type (norms, modulation, time embedding).</summary>
    /// <param name="name">Original name.</param>
    /// <param name="shape">Shape that it must have.</param>
    /// <returns>The weight; the set stays its owner.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
    public Tensor TakeFloat32(string name, params long[] shape) => AddNumbers(name, shape, ScalarType.Float32);

    /// <summary>Takes a weight that is used as a whole (a linear's); a quantised one stays in its codes.</summary>
    /// <param name="name">Original name.</param>
    /// <param name="dataType">Number type that it is used in, and kept in unless it is quantised.</param>
    /// <param name="shape">Shape that it must have.</param>
    /// <returns>The weight; the set stays its owner.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
    public StoredWeight TakeStored(string name, ScalarType dataType, params long[] shape) => Add(name, read(name, shape), dataType);

    /// <summary>Takes a table of which only a few rows are used at a time, in the form in which it is stored.</summary>
    /// <param name="name">Original name.</param>
    /// <param name="rows">Rows that it must have.</param>
    /// <param name="columns">Columns that it must have.</param>
    /// <returns>The table; the set stays its owner.</returns>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">It is missing or has another shape.</exception>
    public StoredWeight TakeTable(string name, long rows, long columns) => Add(name, read(name, [rows, columns]), null);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (StoredWeight weight in _weights.Values)
        {
            weight.Dispose();
        }

        _weights.Clear();
    }

    private Tensor AddNumbers(string name, long[] shape, ScalarType dataType)
    {
        StoredWeight weight = read(name, shape);
        if (weight.IsQuantized)
        {
            using StoredWeight codes = weight;
            weight = codes.Read(dataType);
        }

        return Add(name, weight, dataType).Numbers!;
    }

    private StoredWeight Add(string name, StoredWeight weight, ScalarType? dataType)
    {
        StoredWeight moved = weight.To(Device, dataType);
        if (!ReferenceEquals(moved, weight))
        {
            weight.Dispose();
        }

        _weights[name] = moved.DetachFromDisposeScope();
        return moved;
    }
}
