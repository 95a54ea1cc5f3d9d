using MedGen.Sdk.Errors;
using MedGen.Torch.Archives;
using MedGen.Torch.Safetensors;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// A file of weights in either format that models are released in: safetensors, or torch's own (<c>.pth</c>), of which tensors alone are read.
/// </summary>
internal static class WeightFile
{
    /// <summary>Whether a file is of torch's own format, by its name.</summary>
    public static bool IsTorch(string path) => Path.GetExtension(path).Equals(".pth", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens it over a memory map.</summary>
    /// <exception cref="ModelFormatException">It is broken or holds anything but tensors.</exception>
    public static SafetensorsFile Open(string path) => IsTorch(path) ? TorchArchive.Open(path) : SafetensorsFile.Open(path);

    /// <summary>Reads names and sizes alone; the data of a safetensors file may be missing.</summary>
    /// <exception cref="ModelFormatException">It is broken or holds anything but tensors.</exception>
    public static SafetensorsHeader ReadHeader(string path) =>
        IsTorch(path) ? TorchArchive.ReadHeader(path) : SafetensorsHeader.Read(path, requireData: false);
}
