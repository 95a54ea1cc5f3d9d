using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>
/// A low-rank adapter (LoRA, arXiv 2106.09685) for the transformer, read from a file in any of the conventions that Wan fine-tunes come in; fp8 parts
/// are multiplied by their <c>scale_weight</c>. Its factor is alpha / rank, by tensors (<c>.alpha</c>), the header or PEFT's config, and 1 where none
/// of them states it. Immutable and shared: sessions put it into an <see cref="AdapterSet"/> with a scale of their own. The base weights are never
/// touched.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    private readonly IReadOnlyDictionary<string, LowRankUpdate> _updates;

    private LoraAdapter(string name, IReadOnlyDictionary<string, LowRankUpdate> updates)
    {
        Name = name;
        _updates = updates;
    }

    /// <summary>File name without its ending.</summary>
    public string Name { get; }

    /// <summary>The adapted modules under their original Wan names, for instance <c>blocks.0.self_attn.q</c>.</summary>
    public IEnumerable<string> Modules => _updates.Keys;

    /// <summary>Whether a file with these keys holds an adapter; otherwise it holds full weights.</summary>
    /// <param name="keys">All tensor names of the file.</param>
    /// <returns>True when any key names a low-rank part (<c>lora_</c>).</returns>
    public static bool IsAdapter(IEnumerable<string> keys) => AdapterKeyParser.IsAdapter(keys);

    /// <summary>Reads an adapter and checks that it fits the transformer.</summary>
    /// <param name="file">The open file; it may be closed afterwards.</param>
    /// <param name="linears">Shape [out, in] of each linear of the transformer by original module name.</param>
    /// <param name="device">Device of the transformer.</param>
    /// <param name="dtype">Number type of the transformer's linears.</param>
    /// <returns>The adapter; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">Keys or statements that are not read, modules that the transformer lacks, a part without its partner,
    /// shapes that do not fit, or statements that contradict each other; each kind is named once, with an example.</exception>
    public static LoraAdapter Load(SafetensorsFile file, IReadOnlyDictionary<string, IReadOnlyList<long>> linears, Device device, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(linears);
        return new LoraAdapter(Path.GetFileNameWithoutExtension(file.FilePath), AdapterFile.Read(file, linears, device, dtype));
    }

    /// <summary>The config of PEFT beside an adapter, which states its scaling: a part of what the adapter is.</summary>
    /// <param name="path">The adapter file.</param>
    /// <returns>Path of <c>adapter_config.json</c>; null where there is none, or it speaks of another file.</returns>
    public static string? ConfigBeside(string path) => AdapterScalingReader.ConfigBeside(path);

    /// <summary>Makes an adapter over given parts, for instance while they are trained.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <param name="updates">Down [rank, in] and up [out, rank] of each module by its original Wan name; they belong to the adapter from now
    /// on.</param>
    /// <param name="factor">What the product of the two is multiplied by: alpha / rank.</param>
    /// <returns>The adapter; the caller disposes it.</returns>
    public static LoraAdapter Over(string name, IReadOnlyDictionary<string, (Tensor Down, Tensor Up)> updates, double factor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(updates);
        return new LoraAdapter(
            name, updates.ToDictionary(pair => pair.Key, pair => new LowRankUpdate(pair.Value.Down, pair.Value.Up, factor), StringComparer.Ordinal));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (LowRankUpdate update in _updates.Values)
        {
            update.Down.Dispose();
            update.Up.Dispose();
        }
    }

    internal LowRankUpdate? Find(string module) => _updates.GetValueOrDefault(module);
}
