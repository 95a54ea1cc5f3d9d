using System.Security.Cryptography;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;

namespace MedGen.Classifiers.Networks;

/// <summary>The metadata entry in which a weights file says what it is.</summary>
internal static class NetworkMetadata
{
    /// <summary>Reads the entry and the file's hash, without making tensors.</summary>
    /// <typeparam name="T">The entry's type.</typeparam>
    /// <param name="path">The weights file.</param>
    /// <param name="key">Name of the entry.</param>
    /// <param name="kind">What the file should be, for the error, for instance <c>frame classifier</c>.</param>
    /// <param name="validate">Checks the entry; told of the file's name.</param>
    /// <returns>The entry, and the SHA-256 of the file in lower-case hex.</returns>
    /// <exception cref="ModelFormatException">The file or the entry is missing or broken.</exception>
    public static (T Metadata, string Hash) Read<T>(string path, string key, string kind, Action<T, string> validate)
    {
        string name = Path.GetFileName(path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(key, out string? json))
        {
            throw new ModelFormatException(name, $"{name}: the metadata entry '{key}' is missing; this is no {kind}.");
        }

        try
        {
            T metadata = JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? throw new JsonException("The metadata is null.");
            validate(metadata, name);
            using FileStream content = File.OpenRead(path);
            return (metadata, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(name, $"{name}: the metadata entry '{key}' is broken: {e.Message}", e);
        }
    }
}
