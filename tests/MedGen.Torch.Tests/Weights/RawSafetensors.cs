using System.Text;
using System.Text.Json;

namespace MedGen.Torch.Tests.Weights;

/// <summary>A safetensors file from bytes, also of what our own writer would not write. It is deleted with the object.</summary>
internal sealed class RawSafetensors : IDisposable
{
    private readonly Dictionary<string, object> _header = [];
    private readonly List<byte> _data = [];

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"medgen-raw-{Guid.NewGuid():N}.safetensors");

    public RawSafetensors Metadata(string key, string value)
    {
        _header["__metadata__"] = new Dictionary<string, string> { [key] = value };
        return this;
    }

    public RawSafetensors Add(string name, string type, int[] shape, params byte[] data)
    {
        _header[name] = new { dtype = type, shape, data_offsets = new[] { _data.Count, _data.Count + data.Length } };
        _data.AddRange(data);
        return this;
    }

    public RawSafetensors Add(string name, int[] shape, params float[] data) => Add(name, "F32", shape, [.. data.SelectMany(BitConverter.GetBytes)]);

    public RawSafetensors Statement(string name, string json) => Add(name, "U8", [json.Length], Encoding.UTF8.GetBytes(json));

    public RawSafetensors Write()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(_header);
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. _data]);
        return this;
    }

    public void Dispose() => File.Delete(Path);
}
