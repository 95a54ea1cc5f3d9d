using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// Weights under other names, so that a fixture need not hold them twice: <c>name_map.json</c> has the name in the other convention for each
/// original one.
/// </summary>
internal static class RenamedWeights
{
    /// <summary>Name of the map.</summary>
    public const string MapFile = "name_map.json";

    /// <summary>Writes the weights under their other names.</summary>
    /// <param name="path">The weights under their original names.</param>
    /// <param name="map">The map.</param>
    /// <param name="target">File to write.</param>
    /// <exception cref="ModelFormatException">A file cannot be read, or the map names other weights than there are.</exception>
    public static void Write(string path, string map, string target)
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Dictionary<string, string> names = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(map))!;
        string[] odd = [.. file.Tensors.Keys.Except(names.Keys).Concat(names.Keys.Except(file.Tensors.Keys))];
        if (odd.Length > 0)
        {
            throw new ModelFormatException(
                MapFile, $"{MapFile} and {Path.GetFileName(path)} have other names: {string.Join(", ", odd.Take(10).Select(name => $"'{name}'"))}.");
        }

        SafetensorsWriter.Write(target, names.ToDictionary(pair => pair.Value, pair => file.Read(pair.Key), StringComparer.Ordinal));
    }
}
