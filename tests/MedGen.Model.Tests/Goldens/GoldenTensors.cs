using System.Text.Json;
using TorchSharp;

namespace MedGen.Model.Tests.Goldens;

/// <summary>A deliberately plain safetensors reader of the tests' own, so that the product's reader is not its own judge.</summary>
internal sealed class GoldenTensors
{
    private readonly byte[] _bytes;
    private readonly int _dataStart;
    private readonly JsonElement _header;

    public GoldenTensors(params string[] parts)
        : this(File.ReadAllBytes(GoldenFolder.Path(parts)))
    {
    }

    private GoldenTensors(byte[] bytes)
    {
        _bytes = bytes;
        int headerLength = (int)BitConverter.ToInt64(_bytes, 0);
        _dataStart = 8 + headerLength;
        _header = JsonDocument.Parse(_bytes.AsMemory(8, headerLength)).RootElement;
    }

    /// <summary>Opens a file that lies elsewhere.</summary>
    public static GoldenTensors Open(string path) => new(File.ReadAllBytes(path));

    public IEnumerable<string> Names => _header.EnumerateObject().Select(p => p.Name).Where(n => n != "__metadata__");

    public torch.Tensor this[string name]
    {
        get
        {
            JsonElement entry = _header.GetProperty(name);
            long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
            int from = _dataStart + entry.GetProperty("data_offsets")[0].GetInt32();
            int to = _dataStart + entry.GetProperty("data_offsets")[1].GetInt32();
            torch.ScalarType type = entry.GetProperty("dtype").GetString() switch
            {
                "F32" => torch.ScalarType.Float32,
                "F64" => torch.ScalarType.Float64,
                "I64" => torch.ScalarType.Int64,
                "I32" => torch.ScalarType.Int32,
                "U8" => torch.ScalarType.Byte,
                "BF16" => torch.ScalarType.BFloat16,
                string other => throw new InvalidDataException(other),
                null => throw new InvalidDataException(name),
            };
            torch.Tensor tensor = torch.empty(shape, type);
            tensor.bytes = _bytes.AsSpan(from, to - from);
            return tensor;
        }
    }
}
