using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>
/// An adapter for the transformer, read from a file in any of the conventions that Wan fine-tunes come in: LoRA (arXiv 2106.09685), DoRA, LoHa, LoKr,
/// and whole differences of weights, biases and modulations (<c>.diff</c>, <c>.diff_b</c>, <c>.diff_m</c>); fp8 parts are multiplied by their
/// <c>scale_weight</c>. The factor of low-rank parts is alpha / rank, by tensors (<c>.alpha</c>), the header or PEFT's config, and 1 where none of
/// them states it. Immutable and shared: sessions put it into an <see cref="AdapterSet"/> with a scale of their own. The base weights are never
/// touched.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    private readonly AdapterChanges _changes;

    private LoraAdapter(string name, AdapterChanges changes, LoraAdapter? lowNoise = null)
    {
        Name = name;
        _changes = changes;
        LowNoise = lowNoise;
    }

    /// <summary>File name without its ending.</summary>
    public string Name { get; }

    /// <summary>The linears whose weights change, under their original Wan names, for instance <c>blocks.0.self_attn.q</c>.</summary>
    public IEnumerable<string> Modules => _changes.Updates.Keys;

    /// <summary>
    /// The file's part for the low-noise expert of a model with two (<c>transformer_2.</c>), which belongs to it; null: it has none.
    /// </summary>
    public LoraAdapter? LowNoise { get; }

    /// <summary>The other weights that change, for instance <c>blocks.0.self_attn.q.bias</c>.</summary>
    public IEnumerable<string> ChangedParameters => _changes.Differences.Keys;

    /// <summary>Whether a file with these keys holds an adapter; otherwise it holds full weights.</summary>
    /// <param name="keys">All tensor names of the file.</param>
    /// <returns>True when any key names a part of an adapter, such as <c>lora_</c> or <c>.diff</c>.</returns>
    public static bool IsAdapter(IEnumerable<string> keys) => AdapterKeyParser.IsAdapter(keys);

    /// <summary>Reads an adapter and checks that it fits the transformer.</summary>
    /// <param name="file">The open file; it may be closed afterwards.</param>
    /// <param name="shapes">Shape of each weight of the transformer by its original name.</param>
    /// <param name="device">Device of the transformer.</param>
    /// <param name="dtype">Number type of the transformer's linears.</param>
    /// <returns>The adapter; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">Keys or statements that are not read, modules that the transformer lacks, a part without its partner,
    /// shapes that do not fit, or statements that contradict each other; each kind is named once, with an example.</exception>
    public static LoraAdapter Load(SafetensorsFile file, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, Device device, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(shapes);
        (AdapterChanges changes, AdapterChanges? lowNoise) = AdapterFile.Read(file, shapes, device, dtype);
        string name = Path.GetFileNameWithoutExtension(file.FilePath);
        return new LoraAdapter(name, changes, lowNoise is null ? null : new LoraAdapter(name, lowNoise));
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
            name,
            AdapterChanges.None with
            {
                Updates = updates.ToDictionary(
                    pair => pair.Key, LinearUpdate (pair) => new LowRankUpdate(pair.Value.Down, pair.Value.Up, factor), StringComparer.Ordinal),
            });
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _changes.Dispose();
        LowNoise?.Dispose();
    }

    internal LinearUpdate? Find(string module) => _changes.Updates.GetValueOrDefault(module);

    // Float32, in the shape of the weight.
    internal Tensor? DifferenceOf(string parameter) => _changes.Differences.GetValueOrDefault(parameter);
}
