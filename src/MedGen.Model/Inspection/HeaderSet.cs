using MedGen.Torch.Safetensors;

namespace MedGen.Model.Inspection;

/// <summary>The headers of one part's files.</summary>
internal sealed record HeaderSet(IReadOnlyList<SafetensorsHeader> Headers, IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes)
{
    /// <summary>Reads headers alone; the data may be missing.</summary>
    public static HeaderSet Read(IEnumerable<string> paths, Func<IEnumerable<string>, IReadOnlyDictionary<string, string>> toOriginal)
    {
        SafetensorsHeader[] headers = [.. paths.Select(path => SafetensorsHeader.Read(path, requireData: false))];
        IReadOnlyDictionary<string, string> names = toOriginal(headers.SelectMany(header => header.Tensors.Keys).Distinct(StringComparer.Ordinal));
        Dictionary<string, IReadOnlyList<long>> shapes = new(StringComparer.Ordinal);
        foreach (SafetensorInfo tensor in headers.SelectMany(header => header.Tensors.Values).Where(tensor => names.ContainsKey(tensor.Name)))
        {
            shapes[names[tensor.Name]] = tensor.Shape;
        }

        return new HeaderSet(headers, shapes);
    }

    public PartReport Report(string part, IReadOnlyDictionary<string, string> dimensions) => new()
    {
        Part = part,
        Files = [.. Headers.Select(header => Path.GetFileName(header.FilePath))],
        Parameters = Headers.Sum(header => header.Tensors.Values.Sum(tensor => tensor.ElementCount)),
        DataTypes = [.. Headers.SelectMany(header => header.Tensors.Values.Select(tensor => tensor.DataType.ToString())).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Bytes = Headers.Sum(header => header.FileLength),
        MissingBytes = Headers.Sum(header => header.MissingBytes),
        Dimensions = dimensions,
    };
}
