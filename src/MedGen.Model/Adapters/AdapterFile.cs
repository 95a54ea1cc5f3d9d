using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Weights;
using static TorchSharp.torch;
using ModuleParts =
    System.Collections.Generic.Dictionary<
        string, System.Collections.Generic.Dictionary<MedGen.Model.Adapters.AdapterRole, MedGen.Torch.Weights.WeightInfo>>;

namespace MedGen.Model.Adapters;

/// <summary>
/// The parts of an adapter file by module, checked against the transformer: what the file holds or states is used or named as a problem. Parts of
/// linears may be stored as convolutions, [rank, in, 1, 1].
/// </summary>
internal sealed class AdapterFile
{
    private readonly WeightFile _file;
    private readonly AdapterProblems _problems = new();
    private readonly IReadOnlyList<AdapterScaling> _scalings;
    private readonly ModuleParts _modules = new(StringComparer.Ordinal);
    private readonly ModuleParts _lowNoiseModules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _stated = new(StringComparer.Ordinal);

    private AdapterFile(SafetensorsFile file)
    {
        _file = WeightFile.Over(file);
        _scalings = AdapterScalingReader.Read(file, _problems);
        Group();
    }

    /// <summary>Reads what an adapter changes.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="shapes">Shape of each weight of the transformer by its original name.</param>
    /// <param name="device">Where the changes go.</param>
    /// <param name="dtype">Number type of low-rank parts and whole differences; the rest is float32.</param>
    /// <returns>What changes; of the low-noise expert of a model with two, null where the file has nothing under <c>transformer_2.</c>.</returns>
    /// <exception cref="ModelFormatException">Names every kind of problem.</exception>
    public static (AdapterChanges Changes, AdapterChanges? LowNoise) Read(
        SafetensorsFile file, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, Device device, ScalarType dtype)
    {
        AdapterFile adapter = new(file);
        Func<AdapterChanges> changes = adapter.Read(adapter._modules, shapes, device, dtype);
        Func<AdapterChanges> lowNoise = adapter.Read(adapter._lowNoiseModules, shapes, device, dtype);
        adapter.ThrowIfAnyProblem();
        return (changes(), adapter._lowNoiseModules.Count == 0 ? null : lowNoise());
    }

    // Checked at once, loaded when all is known to be good.
    private Func<AdapterChanges> Read(ModuleParts modules, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, Device device, ScalarType dtype)
    {
        Dictionary<string, Func<LinearUpdate>> updates = new(StringComparer.Ordinal);
        Dictionary<string, Func<Tensor>> differences = new(StringComparer.Ordinal);
        foreach ((string module, Dictionary<AdapterRole, WeightInfo> parts) in modules)
        {
            UpdateReader reader = new(module, parts, (info, wide) => Load(info, device, wide ? ScalarType.Float32 : dtype), _problems)
            {
                FactorOf = (rank, alpha) => Factor(module, rank, alpha),
            };
            reader.Read(shapes, updates, differences);
        }

        return () => new AdapterChanges(
            updates.ToDictionary(pair => pair.Key, pair => pair.Value(), StringComparer.Ordinal),
            differences.ToDictionary(pair => pair.Key, pair => pair.Value(), StringComparer.Ordinal));
    }

    private void Group()
    {
        foreach ((string name, WeightInfo info) in _file.Weights)
        {
            if (AdapterKeyParser.Parse(name) is not { } key)
            {
                _problems.Add($"{AdapterKeyParser.KindOf(name)} are not read", $"'{name}'");
                continue;
            }

            ModuleParts modules = key.IsOfLowNoiseExpert ? _lowNoiseModules : _modules;
            if (!modules.TryGetValue(key.Module, out Dictionary<AdapterRole, WeightInfo>? parts))
            {
                modules.Add(key.Module, parts = []);
                _stated.TryAdd(key.Module, key.StatedModule);
            }

            if (!parts.TryAdd(key.Role, info))
            {
                _problems.Add("two tensors are the same part", $"'{name}' and '{parts[key.Role].Name}'");
            }
        }
    }

    private void ThrowIfAnyProblem()
    {
        if (_modules.Count + _lowNoiseModules.Count == 0)
        {
            _problems.Add("nothing to apply", "no low-rank parts");
        }

        foreach (string name in _file.Weights.Keys.Where(name => !_file.IsFinite(name)))
        {
            _problems.Add("values that are not finite numbers", $"'{name}'");
        }

        if (_problems.Any)
        {
            string fileName = _file.FileName;
            throw new ModelFormatException(fileName, $"{fileName} is not an adapter for this transformer: {_problems}.");
        }
    }

    // Alpha may be a tensor, or be stated in words; where both speak they must agree.
    private double Factor(string module, long rank, WeightInfo? alpha)
    {
        const double Rounding = 1e-3; // of an alpha in 16 bits
        (double? factor, string source) = (null, "");
        if (alpha is { ElementCount: 1 })
        {
            (factor, source) = (Scalar(alpha) / rank, "its tensor .alpha");
        }
        else if (alpha is not null)
        {
            _problems.Add("an alpha is one value", $"'{alpha.Name}' has {alpha.ElementCount}");
        }

        foreach (AdapterScaling scaling in _scalings)
        {
            if (scaling.RankOf(_stated[module]) is { } stated && stated != rank)
            {
                _problems.Add(
                    $"{scaling.Source} states another rank than the tensors have", FormattableString.Invariant(
                        $"{module} has {rank}, stated is {stated}"));
            }

            double? next = scaling.FactorOf(_stated[module], rank);
            if (factor is { } first && next is { } second && Math.Abs(first - second) > Rounding * Math.Abs(first))
            {
                _problems.Add(
                    $"{source} and {scaling.Source} contradict each other", FormattableString.Invariant(
                        $"{module} is multiplied by {first} or by {second}"));
            }

            (factor, source) = (factor ?? next, factor is null ? scaling.Source : source);
        }

        return factor ?? 1;
    }

    // Copied, because the file's pages go when it is closed; detached from scopes, because the adapter lives longer than any.
    private Tensor Load(WeightInfo info, Device device, ScalarType dtype)
    {
        using StoredWeight stored = _file.Read(info.Name);
        using Tensor values = stored.Read(dtype);
        using Tensor flat = values.dim() > 2 && !AdapterKeyParser.IsModulation(info.Name) ? values.flatten(1) : values.alias(); // [rows, columns]
        return flat.to(dtype, device, copy: true).DetachFromDisposeScope();
    }

    private double Scalar(WeightInfo info)
    {
        using StoredWeight stored = _file.Read(info.Name);
        using Tensor number = stored.Read(ScalarType.Float64);
        return number.item<double>();
    }
}
