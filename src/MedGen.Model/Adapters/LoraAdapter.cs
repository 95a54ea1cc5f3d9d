using MedGen.Abstractions.Errors;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>
/// A low-rank adapter (LoRA, arXiv 2106.09685) for the transformer, read from a file in any of the conventions that Wan fine-tunes come in; fp8 parts
/// are multiplied by their <c>scale_weight</c>.
/// Immutable and shared: sessions put it into an <see cref="AdapterSet"/> with a scale of their own. The base weights are never touched.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    // ComfyUI marks files of scaled fp8 weights with an empty tensor of this name.
    private const string Fp8Marker = "scaled_fp8";

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
    /// <exception cref="ModelFormatException">Keys of no known convention, modules that the transformer lacks, a part without its partner, or shapes that
    /// do not fit; all of them are named.</exception>
    public static LoraAdapter Load(SafetensorsFile file, IReadOnlyDictionary<string, IReadOnlyList<long>> linears, Device device, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(linears);
        List<string> problems = [];
        Dictionary<string, Dictionary<AdapterRole, SafetensorInfo>> modules = Group(file, problems);
        foreach ((string module, Dictionary<AdapterRole, SafetensorInfo> parts) in modules)
        {
            Check(module, parts, linears, problems);
        }

        string fileName = Path.GetFileName(file.FilePath);
        if (modules.Count == 0)
        {
            problems.Add("no low-rank parts");
        }

        problems.AddRange(file.Tensors.Keys.Where(name => !file.IsFinite(name)).Select(name => $"'{name}' holds values that are not finite numbers"));
        if (problems.Count > 0)
        {
            throw new ModelFormatException(fileName, $"{fileName} is not an adapter for this transformer: {string.Join("; ", problems)}.");
        }

        Dictionary<string, LowRankUpdate> updates = modules.ToDictionary(
            pair => pair.Key,
            pair => new LowRankUpdate(
                Load(file, pair.Value[AdapterRole.Down], device, dtype),
                Load(file, pair.Value[AdapterRole.Up], device, dtype),
                pair.Value.TryGetValue(AdapterRole.Alpha, out SafetensorInfo? alpha) ? Scalar(file, alpha) / pair.Value[AdapterRole.Down].Shape[0] : 1),
            StringComparer.Ordinal);
        return new LoraAdapter(Path.GetFileNameWithoutExtension(fileName), updates);
    }

    /// <summary>Makes an adapter over given parts, for instance while they are trained.</summary>
    /// <param name="name">Name of the adapter.</param>
    /// <param name="updates">Down [rank, in] and up [out, rank] of each module by its original Wan name; they belong to the adapter from now on.</param>
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

    private static Dictionary<string, Dictionary<AdapterRole, SafetensorInfo>> Group(SafetensorsFile file, List<string> problems)
    {
        Dictionary<string, Dictionary<AdapterRole, SafetensorInfo>> modules = new(StringComparer.Ordinal);
        foreach ((string name, SafetensorInfo info) in file.Tensors)
        {
            if (name == Fp8Marker || IsScaleOfFp8(file, name))
            {
                continue;
            }

            if (AdapterKeyParser.Parse(name) is not { } key)
            {
                problems.Add($"'{name}' follows no known key convention");
                continue;
            }

            if (!modules.TryGetValue(key.Module, out Dictionary<AdapterRole, SafetensorInfo>? parts))
            {
                modules.Add(key.Module, parts = []);
            }

            if (!parts.TryAdd(key.Role, info))
            {
                problems.Add($"'{name}' and '{parts[key.Role].Name}' are the same part of {key.Module}");
            }
        }

        return modules;
    }

    // Such a scale is applied where its weight is read; one of any other weight would be lost, so it counts as an unknown key.
    private static bool IsScaleOfFp8(SafetensorsFile file, string name) =>
        SafetensorsFile.IsScale(name)
        && file.Tensors.TryGetValue(name.Replace(".scale_weight", ".weight", StringComparison.Ordinal), out SafetensorInfo? weight)
        && weight.DataType == SafetensorsDataType.F8E4M3;

    private static void Check(
        string module, Dictionary<AdapterRole, SafetensorInfo> parts, IReadOnlyDictionary<string, IReadOnlyList<long>> linears, List<string> problems)
    {
        if (!linears.TryGetValue(module, out IReadOnlyList<long>? shape))
        {
            problems.Add($"the transformer has no linear '{module}'");
            return;
        }

        if (!parts.TryGetValue(AdapterRole.Down, out SafetensorInfo? down) || !parts.TryGetValue(AdapterRole.Up, out SafetensorInfo? up))
        {
            problems.Add($"{module} has {string.Join(" and ", parts.Keys)} only; Down and Up are needed");
            return;
        }

        if (down.Shape.Count != 2 || up.Shape.Count != 2 || down.Shape[1] != shape[1] || up.Shape[0] != shape[0] || up.Shape[1] != down.Shape[0])
        {
            problems.Add($"{module} is [{string.Join(", ", shape)}], its update [{string.Join(", ", up.Shape)}] · [{string.Join(", ", down.Shape)}]");
        }

        if (parts.TryGetValue(AdapterRole.Alpha, out SafetensorInfo? alpha) && alpha.ElementCount != 1)
        {
            problems.Add($"{alpha.Name} has {alpha.ElementCount} values, needed 1");
        }
    }

    // Copied, because the file's pages go when it is closed; detached from scopes, because the adapter lives longer than any.
    private static Tensor Load(SafetensorsFile file, SafetensorInfo info, Device device, ScalarType dtype)
    {
        using Tensor stored = file.ReadWeight(info.Name);
        return stored.to(dtype, device, copy: true).DetachFromDisposeScope();
    }

    private static double Scalar(SafetensorsFile file, SafetensorInfo info)
    {
        using Tensor stored = file.ReadWeight(info.Name);
        using Tensor number = stored.to_type(ScalarType.Float64);
        return number.item<double>();
    }
}
