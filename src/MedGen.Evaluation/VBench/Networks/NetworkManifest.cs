using System.Text.RegularExpressions;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary><c>network.json</c>: what lies in the folder of a network, said by who put it there. snake_case.</summary>
public sealed partial record NetworkManifest
{
    /// <summary>Name of the file in a folder.</summary>
    public const string FileName = "network.json";

    /// <summary>The slot that it is made for; see <see cref="NetworkSlot.Name"/>.</summary>
    public required string Slot { get; init; }

    /// <summary>
    /// Name of the network, for instance <c>DINO ViT-B/16</c>; another than <see cref="NetworkSlot.Upstream"/> gives a row of its own.
    /// </summary>
    public required string Network { get; init; }

    /// <summary>The ONNX file, beside this one.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the ONNX file, 64 digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where the weights come from; null: not stated.</summary>
    public string? Source { get; init; }

    /// <summary>Licence of the weights; null: not stated.</summary>
    public string? Licence { get; init; }

    /// <summary>Reads it.</summary>
    /// <param name="path">A folder with <c>network.json</c>, or the file itself.</param>
    /// <param name="slot">The slot that the user gave it to.</param>
    /// <returns>The manifest and the ONNX file's path.</returns>
    /// <exception cref="InvalidInputException">
    /// It is missing or no JSON, a field is unknown, missing or wrong, or it is made for another slot.
    /// </exception>
    internal static (NetworkManifest Manifest, string Model) Read(string path, NetworkSlot slot)
    {
        string field = $"network {slot.Name}";
        string file = Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, FileName) : path);
        NetworkManifest manifest = SpecificationJson.Read<NetworkManifest>(file, field);
        string model = Path.Combine(Path.GetDirectoryName(file)!, manifest.File);
        Violations violations = new();
        Violations at = violations.In(field);
        at.Require(manifest.Slot == slot.Name, "slot", $"got '{manifest.Slot}'", $"'{slot.Name}', as it was named for");
        at.Require(manifest.Network.Length is > 0 and <= 64, "network", $"got {manifest.Network.Length} characters", $"1 to 64");
        at.Require(Path.GetFileName(manifest.File) == manifest.File, "file", $"got '{manifest.File}'", $"a name beside {FileName}");
        at.Require(Digits().IsMatch(manifest.Sha256), "sha256", $"got '{manifest.Sha256}'", $"64 lower-case hexadecimal digits");
        violations.ThrowIfAny();
        return System.IO.File.Exists(model)
            ? (manifest, model)
            : throw new InvalidInputException($"{field}.file", $"there is no file '{manifest.File}' beside {FileName}.");
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Digits();
}
