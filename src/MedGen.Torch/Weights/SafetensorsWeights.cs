using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Torch.Weights;

/// <summary>
/// The weights of a safetensors file (or of torch's format, which is read as one), those in 8 bits with what belongs to them: value = code · scale.
/// </summary>
internal sealed class SafetensorsWeights : WeightFile
{
    private readonly SafetensorsHeader _header;
    private readonly OrderedDictionary<string, WeightInfo> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorInfo> _scales = new(StringComparer.Ordinal);
    private readonly bool _ownsFile;
    private SafetensorsFile? _file;

    /// <summary>Sorts what a header describes.</summary>
    /// <param name="header">The header.</param>
    /// <param name="file">The file, when someone else has opened and closes it.</param>
    /// <exception cref="ModelFormatException">It stores weights in a way that is not read.</exception>
    public SafetensorsWeights(SafetensorsHeader header, SafetensorsFile? file = null)
    {
        (_header, _file, _ownsFile) = (header, file, file is null);
        try
        {
            WeightCompanions companions = WeightCompanions.Sort(header.Tensors.Values);
            Dictionary<string, SafetensorsDataType> stated = QuantizationStatements.Read(header, companions);
            foreach (SafetensorInfo tensor in companions.Weights)
            {
                string module = WeightCompanions.ModuleOf(tensor.Name) ?? "";
                SafetensorInfo? scale = companions.Scales.Remove(module, out SafetensorInfo? found) ? found : null;
                SafetensorsDataType? format = stated.Remove(module, out SafetensorsDataType type) ? type : null;
                companions.Statements.Remove(module);
                Add(tensor, scale, format, companions.Mark);
            }

            if (companions.Scales.Values.Concat(companions.Statements.Values).FirstOrDefault() is { } lost)
            {
                throw new InvalidDataException($"'{lost.Name}' belongs to no weight of this file");
            }

            CheckMark(companions.Mark);
            Unused = companions.Hints is [var first, ..] ? [$"{companions.Hints.Count} scales of inputs ('{first}'), for products in 8 bits"] : [];
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
    public override IReadOnlyDictionary<string, object> Statements =>
        _header.Metadata.ToDictionary(pair => pair.Key, object (pair) => pair.Value, StringComparer.Ordinal);

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, WeightInfo> Weights => _weights;

    /// <inheritdoc />
    public override IReadOnlyList<string> Unused { get; }

    private SafetensorsFile Mapped => _file ??= SafetensorsFile.Over(_header);

    /// <inheritdoc />
    public override StoredWeight Read(string name)
    {
        WeightInfo info = Find(name);
        if (!info.IsQuantized)
        {
            return Mapped.Read(name);
        }

        if (!_scales.TryGetValue(name, out SafetensorInfo? scale))
        {
            return new ScaledWeight(Mapped.Read(name), null);
        }

        using Tensor stored = Mapped.Read(scale.Name);
        // A copy in float32: the arithmetic of every format.
        return new ScaledWeight(Mapped.Read(name), stored.to(ScalarType.Float32, CPU, copy: true));
    }

    /// <inheritdoc />
    public override bool IsFinite(string name)
    {
        Find(name);
        return Mapped.IsFinite(name) && (!_scales.TryGetValue(name, out SafetensorInfo? scale) || Mapped.IsFinite(scale.Name));
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (_ownsFile)
        {
            _file?.Dispose();
        }
    }

    private static bool IsCode(SafetensorsDataType type) =>
        type is SafetensorsDataType.F8E4M3 or SafetensorsDataType.F8E5M2 or SafetensorsDataType.I8;

    private void Add(SafetensorInfo tensor, SafetensorInfo? scale, SafetensorsDataType? stated, SafetensorInfo? mark)
    {
        string type = tensor.DataType.HeaderName();
        if (stated is { } format && format != tensor.DataType)
        {
            throw new InvalidDataException($"'{tensor.Name}' is {type}, its stated format is {format.HeaderName()}");
        }

        if (scale is not null)
        {
            CheckScale(tensor, scale);
            _scales.Add(tensor.Name, scale);
        }
        else if (stated is not null || tensor.DataType == SafetensorsDataType.I8 || (mark is not null && IsCode(tensor.DataType)))
        {
            throw new InvalidDataException($"'{tensor.Name}' is {type} and has no scale (.scale_weight or .weight_scale)");
        }

        _weights.Add(tensor.Name, new WeightInfo
        {
            Name = tensor.Name,
            Shape = tensor.Shape,
            Form = scale is null ? type : $"{type} scaled{(scale.ElementCount > 1 ? " by row" : "")}",
            ByteLength = tensor.ByteLength + (scale?.ByteLength ?? 0),
            NumberType = IsCode(tensor.DataType) ? null : tensor.DataType.ToScalarType(),
        });
    }

    private static void CheckScale(SafetensorInfo weight, SafetensorInfo scale)
    {
        if (!IsCode(weight.DataType))
        {
            throw new InvalidDataException(
                $"'{scale.Name}' scales '{weight.Name}', which is {weight.DataType.HeaderName()}; allowed: F8_E4M3, F8_E5M2, I8");
        }

        if (scale.DataType is not (SafetensorsDataType.F32 or SafetensorsDataType.F16 or SafetensorsDataType.BF16))
        {
            throw new InvalidDataException($"'{scale.Name}' is {scale.DataType.HeaderName()}; allowed: F32, F16, BF16");
        }

        long rows = weight.Shape.Count > 0 ? weight.Shape[0] : 1;
        if (!(scale.Shape is [] or [1] || (scale.Shape is [var all] && all == rows) || (scale.Shape is [var first, 1] && first == rows)))
        {
            throw new InvalidDataException(
                $"'{scale.Name}' has shape [{string.Join(", ", scale.Shape)}]; allowed for {rows} rows: [], [1], [{rows}], [{rows}, 1]");
        }
    }

    // Its type names the format: F32 has stood for F8_E4M3 since before the type was stored. Two elements ask for full-precision products.
    private void CheckMark(SafetensorInfo? mark)
    {
        if (mark is null)
        {
            return;
        }

        if (mark.DataType is not (SafetensorsDataType.F8E4M3 or SafetensorsDataType.F8E5M2 or SafetensorsDataType.F32)
            || mark.ElementCount is not (0 or 2))
        {
            throw new InvalidDataException(
                $"the mark '{mark.Name}' is {mark.DataType.HeaderName()} of {mark.ElementCount} values; allowed: F8_E4M3, F8_E5M2, F32 of 0 or 2");
        }

        SafetensorsDataType other = mark.DataType == SafetensorsDataType.F8E5M2 ? SafetensorsDataType.F8E4M3 : SafetensorsDataType.F8E5M2;
        if (_header.Tensors.Values.FirstOrDefault(tensor => tensor != mark && tensor.DataType == other) is { } contrary)
        {
            throw new InvalidDataException(
                $"'{contrary.Name}' is {other.HeaderName()}, the mark '{mark.Name}' is {mark.DataType.HeaderName()}");
        }
    }
}
