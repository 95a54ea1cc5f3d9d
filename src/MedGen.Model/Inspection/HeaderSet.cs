using MedGen.Model.Checkpoints;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>The headers of one part's files.</summary>
/// <param name="Headers">One for each file.</param>
/// <param name="Tensors">Shape and number type, as it is read, of each weight by its original name.</param>
internal sealed record HeaderSet(
    IReadOnlyList<SafetensorsHeader> Headers, IReadOnlyDictionary<string, (IReadOnlyList<long> Shape, ScalarType Type)> Tensors)
{
    /// <summary>Shape of each weight by its original name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes =>
        Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal);

    /// <summary>Reads headers alone; the data may be missing.</summary>
    public static HeaderSet Read(IEnumerable<string> paths, Func<IEnumerable<string>, IReadOnlyDictionary<string, string>> toOriginal)
    {
        SafetensorsHeader[] headers = [.. paths.Select(path => WeightFile.ReadHeader(path))];
        SafetensorInfo[] weights = [.. headers.SelectMany(header => header.Tensors.Values).Where(tensor => PartWeights.IsWeight(tensor.Name))];
        IReadOnlyDictionary<string, string> names = toOriginal(
            weights.Select(tensor => WrapperPrefixes.Strip(tensor.Name)).Distinct(StringComparer.Ordinal));
        Dictionary<string, (IReadOnlyList<long>, ScalarType)> tensors = new(StringComparer.Ordinal);
        foreach (SafetensorInfo tensor in weights)
        {
            if (names.TryGetValue(WrapperPrefixes.Strip(tensor.Name), out string? name))
            {
                tensors[name] = (tensor.Shape, tensor.WeightType);
            }
        }

        return new HeaderSet(headers, tensors);
    }

    public PartReport Report(string part, IReadOnlyDictionary<string, string> dimensions) => new()
    {
        Part = part,
        Files = [.. Headers.Select(header => Path.GetFileName(header.FilePath))],
        Parameters = Headers.Sum(header => header.Tensors.Values.Sum(tensor => tensor.ElementCount)),
        DataTypes =
            [.. Headers.SelectMany(header =>
                header.Tensors.Values.Select(tensor => tensor.DataType.ToString())).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Bytes = Headers.Sum(header => header.FileLength),
        MissingBytes = Headers.Sum(header => header.MissingBytes),
        Dimensions = dimensions,
    };
}
