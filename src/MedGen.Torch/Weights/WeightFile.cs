using MedGen.Sdk.Errors;
using MedGen.Torch.Archives;
using MedGen.Torch.Gguf;
using MedGen.Torch.Safetensors;

namespace MedGen.Torch.Weights;

/// <summary>
/// A file of weights in any of the formats that models are passed around in: safetensors, torch's own (<c>.pth</c>), of which tensors alone are
/// read, and GGUF. Weights come by memory map; what belongs to a weight (its scale, statements of its format) is no weight of its own. The file must
/// not be truncated by others while it is open.
/// </summary>
public abstract class WeightFile : IDisposable
{
    /// <summary>Path of the file.</summary>
    public abstract string FilePath { get; }

    /// <summary>Length of the file in bytes.</summary>
    public abstract long FileLength { get; }

    /// <summary>Bytes that the header describes and the file lacks; 0 unless it was opened with <c>requireData: false</c>.</summary>
    public abstract long MissingBytes { get; }

    /// <summary>What the file states beside its weights, by key: text in safetensors, in GGUF as in <see cref="GgufHeader.Metadata"/>.</summary>
    public abstract IReadOnlyDictionary<string, object> Statements { get; }

    /// <summary>The kind of model that a GGUF file is for, by its <c>general.architecture</c>; null: nothing is stated.</summary>
    public string? Architecture => IsGguf(FilePath) ? Statements.GetValueOrDefault("general.architecture") as string : null;

    /// <summary>All weights by their name in the file, in its order.</summary>
    public abstract IReadOnlyDictionary<string, WeightInfo> Weights { get; }

    /// <summary>What else is in the file and changes no weight, for people.</summary>
    public abstract IReadOnlyList<string> Unused { get; }

    /// <summary>Name of the file without its folder.</summary>
    public string FileName => Path.GetFileName(FilePath);

    /// <summary>Opens a file, its format by its ending, and checks everything that it says of its weights.</summary>
    /// <param name="path">The file.</param>
    /// <param name="requireData">False also accepts a safetensors or GGUF file whose data is not there (yet); no weight can be read then.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="ModelFormatException">It is broken, or stores weights in a way that is not read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static WeightFile Open(string path, bool requireData = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return IsGguf(path) ? new GgufWeights(GgufHeader.Read(path, requireData))
            : IsTorch(path) ? new SafetensorsWeights(TorchArchive.ReadHeader(path))
            : new SafetensorsWeights(SafetensorsHeader.Read(path, requireData));
    }

    /// <summary>The weights of a file that someone else has opened and closes.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its weights.</returns>
    /// <exception cref="ModelFormatException">It stores weights in a way that is not read.</exception>
    public static WeightFile Over(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new SafetensorsWeights(file.Header, file);
    }

    /// <summary>Whether a file is of torch's own format, by its ending.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for <c>.pth</c>.</returns>
    public static bool IsTorch(string path) => HasEnding(path, ".pth");

    /// <summary>Whether a file is GGUF, by its ending.</summary>
    /// <param name="path">The file.</param>
    /// <returns>True for <c>.gguf</c>.</returns>
    public static bool IsGguf(string path) => HasEnding(path, ".gguf");

    /// <summary>A weight. It may outlive this file.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <returns>The weight; it belongs to the caller, its tensors to the current dispose scope.</returns>
    /// <exception cref="ModelFormatException">The file has no weight of that name.</exception>
    public abstract StoredWeight Read(string name);

    /// <summary>Whether a weight (and its scale) holds neither NaN nor infinity. Reads its pages once and allocates nothing.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <returns>True also for whole numbers.</returns>
    /// <exception cref="ModelFormatException">The file has no weight of that name.</exception>
    public abstract bool IsFinite(string name);

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file; what was read stays valid.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>The description of a weight that must be there.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ModelFormatException">There is none of that name.</exception>
    protected WeightInfo Find(string name) => Weights.TryGetValue(name, out WeightInfo? info)
        ? info
        : throw new ModelFormatException(FileName, $"{FileName} has no tensor '{name}'.");

    private static bool HasEnding(string path, string ending) => Path.GetExtension(path).Equals(ending, StringComparison.OrdinalIgnoreCase);
}
