using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using MedGen.Abstractions.Errors;
using TorchSharp;
using TorchSharp.Modules;

namespace MedGen.Torch.Networks;

/// <summary>
/// The file of a frame classifier: float32 tensors in the safetensors format, those of network n under <c>members.n.</c>, and one metadata
/// entry <c>medgen</c> with <see cref="FrameClassifierMetadata"/> as JSON.
/// </summary>
internal static class FrameClassifierFile
{
    private const int MaxHeaderBytes = 1 << 20;
    private const int MaxFileBytes = 64 << 20;
    private const string MetadataKey = "medgen";

    /// <summary>Writes beside the target and renames, so that no half file is left under its name.</summary>
    public static void Write(string path, IReadOnlyList<FrameNetwork> members, FrameClassifierMetadata metadata)
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["__metadata__"] = new Dictionary<string, string> { [MetadataKey] = JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web) },
        };
        var tensors = members
            .SelectMany((network, i) => network.Weights.Select(w => (Name: $"members.{i}.{w.Key}", w.Value)))
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .ToList();
        long offset = 0;
        foreach ((string name, Parameter value) in tensors)
        {
            long end = offset + (value.numel() * sizeof(float));
            header[name] = new { dtype = "F32", shape = value.shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = File.Create(temporary))
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
                Span<byte> length = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
                file.Write(length);
                file.Write(json);
                foreach ((_, Parameter value) in tensors)
                {
                    using torch.Tensor flat = value.detach().cpu().contiguous();
                    file.Write(MemoryMarshal.AsBytes<float>(flat.data<float>().ToArray()));
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Reads a file; the tensors go straight to the device.</summary>
    /// <exception cref="ModelFormatException">The file is missing, broken, or its metadata does not fit its tensors.</exception>
    public static (IReadOnlyList<FrameNetwork> Members, FrameClassifierMetadata Metadata, string Hash) Read(string path, torch.Device device)
    {
        string name = Path.GetFileName(path);
        var info = new FileInfo(path);
        if (!info.Exists || info.Length is < 8 or > MaxFileBytes)
        {
            throw new ModelFormatException(name, $"{name}: {(info.Exists ? $"{info.Length} bytes, 8 to {MaxFileBytes} are allowed" : "the file is missing")}.");
        }

        byte[] data = File.ReadAllBytes(path);
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(data);
        if (headerLength < 2 || headerLength > Math.Min(MaxHeaderBytes, data.Length - 8))
        {
            throw new ModelFormatException(name, $"{name}: the header has {headerLength} bytes, 2 to {Math.Min(MaxHeaderBytes, data.Length - 8)} are possible.");
        }

        var members = new List<FrameNetwork>();
        try
        {
            using JsonDocument header = JsonDocument.Parse(data.AsMemory(8, (int)headerLength));
            string json = header.RootElement.GetProperty("__metadata__").GetProperty(MetadataKey).GetString()!;
            FrameClassifierMetadata metadata = JsonSerializer.Deserialize<FrameClassifierMetadata>(json, JsonSerializerOptions.Web)
                ?? throw new JsonException("The metadata is null.");
            metadata.Validate(name);
            using var scope = torch.NewDisposeScope();
            for (int i = 0; i < metadata.Members; i++)
            {
                members.Add(FrameNetwork.FromWeights(
                    name, metadata.Labels.Count, key => ReadTensor(data, 8 + (int)headerLength, header.RootElement, $"members.{i}.{key}", name), device));
            }

            return (members, metadata, Convert.ToHexStringLower(SHA256.HashData(data)));
        }
        catch (Exception e)
        {
            members.ForEach(m => m.Dispose());
            if (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
            {
                throw new ModelFormatException(name, $"{name}: the header or its metadata is broken.", e);
            }

            throw;
        }
    }

    private static torch.Tensor? ReadTensor(byte[] data, int dataStart, JsonElement header, string key, string fileName)
    {
        if (!header.TryGetProperty(key, out JsonElement entry))
        {
            return null;
        }

        long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
        long[] offsets = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
        long bytes = shape.Aggregate(4L, (product, d) => checked(product * d));
        if (entry.GetProperty("dtype").GetString() != "F32" || offsets.Length != 2 || offsets[0] < 0 || offsets[1] - offsets[0] != bytes
            || offsets[1] > data.Length - dataStart)
        {
            throw new ModelFormatException(fileName, $"{fileName}: tensor '{key}' is not F32 or lies outside the file.");
        }

        float[] values = MemoryMarshal.Cast<byte, float>(data.AsSpan(dataStart + (int)offsets[0], (int)bytes)).ToArray();
        return torch.tensor(values, shape);
    }
}
