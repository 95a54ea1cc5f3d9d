using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using MedGen.Torch.Safetensors;

namespace MedGen.Model.Tests.Adapters;

/// <summary>An adapter for one linear [64, 64] in ComfyUI's scaled fp8: Down is 1.5 times a scale, Up −2 times 1. It is deleted with the object.</summary>
internal sealed class Fp8File : IDisposable
{
    private const int Count = 4 * 64;
    private const byte OnePointFive = 0x3C;
    private const byte MinusTwo = 0xC0;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"medgen-fp8-{Guid.NewGuid():N}.safetensors");
    private SafetensorsFile? _file;

    public Fp8File(double downScale, string upType = "F8_E4M3")
    {
        const string Module = "blocks.0.self_attn.q";
        Dictionary<string, object> header = new()
        {
            [$"{Module}.lora_A.weight"] = new { dtype = "F8_E4M3", shape = new[] { 4, 64 }, data_offsets = new[] { 0, Count } },
            [$"{Module}.lora_B.weight"] = new { dtype = upType, shape = new[] { 64, 4 }, data_offsets = new[] { Count, 2 * Count } },
            [$"{Module}.lora_A.scale_weight"] = new { dtype = "F32", shape = Array.Empty<int>(), data_offsets = new[] { 2 * Count, (2 * Count) + 4 } },
            [$"{Module}.lora_B.scale_weight"] = new { dtype = "F32", shape = Array.Empty<int>(), data_offsets = new[] { (2 * Count) + 4, (2 * Count) + 8 } },
            ["scaled_fp8"] = new { dtype = "F8_E4M3", shape = new[] { 0 }, data_offsets = new[] { (2 * Count) + 8, (2 * Count) + 8 } },
        };
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header).PadRight(1024));
        byte[] content = new byte[8 + json.Length + (2 * Count) + 8];
        BinaryPrimitives.WriteInt64LittleEndian(content, json.Length);
        json.CopyTo(content, 8);
        Span<byte> data = content.AsSpan(8 + json.Length);
        data[..Count].Fill(OnePointFive);
        data[Count..(2 * Count)].Fill(MinusTwo);
        BinaryPrimitives.WriteSingleLittleEndian(data[(2 * Count)..], (float)downScale);
        BinaryPrimitives.WriteSingleLittleEndian(data[((2 * Count) + 4)..], 1);
        File.WriteAllBytes(_path, content);
    }

    public SafetensorsFile Open() => _file ??= SafetensorsFile.Open(_path);

    public void Dispose()
    {
        _file?.Dispose();
        File.Delete(_path);
    }
}
