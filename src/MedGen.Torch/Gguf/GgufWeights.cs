using MedGen.Sdk.Errors;
using MedGen.Torch.Weights;

namespace MedGen.Torch.Gguf;

/// <summary>The weights of a GGUF file, in the shapes that ComfyUI's converter says they had (<c>comfy.gguf.orig_shape.NAME</c>).</summary>
internal sealed class GgufWeights : WeightFile
{
    private const string ShapeKey = "comfy.gguf.orig_shape.";
    private const string QuantizationKey = "general.quantization_version";
    private const long KnownQuantization = 2;

    private static readonly string[] UsedKeys = ["general.architecture", "general.alignment", QuantizationKey];

    private readonly GgufHeader _header;
    private readonly OrderedDictionary<string, WeightInfo> _weights = new(StringComparer.Ordinal);
    private GgufFile? _file;

    public GgufWeights(GgufHeader header)
    {
        _header = header;
        try
        {
            Dictionary<string, IReadOnlyList<long>> shapes = Shapes();
            foreach (GgufTensorInfo tensor in header.Tensors.Values)
            {
                _weights.Add(tensor.Name, new WeightInfo
                {
                    Name = tensor.Name,
                    Shape = shapes.GetValueOrDefault(tensor.Name, tensor.Shape),
                    Form = tensor.Type.GgmlName(),
                    ByteLength = tensor.ByteLength,
                    NumberType = tensor.Type.NumberType(),
                });
            }

            if (_weights.Values.Any(weight => weight.IsQuantized)
                && header.Metadata.GetValueOrDefault(QuantizationKey) is { } version && !version.Equals(KnownQuantization))
            {
                throw new InvalidDataException($"{QuantizationKey} is {version}; allowed: {KnownQuantization}");
            }
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException(FileName, $"{FileName}: {exception.Message}.", exception);
        }
    }

    /// <inheritdoc />
    public override string FilePath => _header.FilePath;

    /// <inheritdoc />
    public override long FileLength => _header.FileLength;

    /// <inheritdoc />
    public override long MissingBytes => _header.MissingBytes;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, object> Statements => _header.Metadata;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, WeightInfo> Weights => _weights;

    /// <inheritdoc />
    public override IReadOnlyList<string> Unused =>
    [
        .. _header.Metadata.Where(pair => !UsedKeys.Contains(pair.Key) && !pair.Key.StartsWith(ShapeKey, StringComparison.Ordinal))
            .Select(pair => $"{pair.Key} ({(pair.Value is GgufArray array ? array : FormattableString.Invariant($"{pair.Value}"))})"),
    ];

    /// <inheritdoc />
    public override StoredWeight Read(string name) => Mapped().Read(name, Find(name).Shape);

    /// <inheritdoc />
    public override bool IsFinite(string name) => Mapped().IsFinite(name);

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => _file?.Dispose();

    private GgufFile Mapped() => _file ??= new GgufFile(_header);

    private Dictionary<string, IReadOnlyList<long>> Shapes()
    {
        Dictionary<string, IReadOnlyList<long>> shapes = new(StringComparer.Ordinal);
        foreach ((string key, object value) in _header.Metadata.Where(pair => pair.Key.StartsWith(ShapeKey, StringComparison.Ordinal)))
        {
            string name = key[ShapeKey.Length..];
            if (!_header.Tensors.TryGetValue(name, out GgufTensorInfo? tensor))
            {
                throw new InvalidDataException($"{key} is of no tensor of this file");
            }

            shapes.Add(
                name, value is GgufArray { Integers: { Count: > 0 } sizes } && HasElements(sizes, tensor.ElementCount)
                    ? sizes
                    : throw new InvalidDataException(
                        $"{key} is {value}; '{name}' [{string.Join(", ", tensor.Shape)}] has {tensor.ElementCount} values"));
        }

        return shapes;
    }

    private static bool HasElements(IReadOnlyList<long> sizes, long count)
    {
        long rest = count;
        foreach (long size in sizes)
        {
            if (size < 1 || rest % size != 0)
            {
                return false;
            }

            rest /= size;
        }

        return rest == 1;
    }
}
