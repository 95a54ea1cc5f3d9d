using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>
/// The parts of an adapter file by module, checked against the transformer: what the file holds or states is used or named as a problem. Linears may
/// be stored as convolutions of size one, [rank, in, 1, 1].
/// </summary>
internal sealed class AdapterFile
{
    private readonly SafetensorsFile _file;
    private readonly AdapterProblems _problems = new();
    private readonly IReadOnlyList<AdapterScaling> _scalings;
    private readonly Dictionary<string, Dictionary<AdapterRole, SafetensorInfo>> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _stated = new(StringComparer.Ordinal);

    private AdapterFile(SafetensorsFile file)
    {
        _file = file;
        _scalings = AdapterScalingReader.Read(file, _problems);
        Group();
    }

    /// <summary>Reads the updates.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="linears">Shape [out, in] of each linear by original module name.</param>
    /// <param name="device">Where the updates go.</param>
    /// <param name="dtype">Their number type.</param>
    /// <exception cref="ModelFormatException">Names every kind of problem.</exception>
    public static Dictionary<string, LowRankUpdate> Read(
        SafetensorsFile file, IReadOnlyDictionary<string, IReadOnlyList<long>> linears, Device device, ScalarType dtype)
    {
        AdapterFile adapter = new(file);
        Dictionary<string, double> factors = adapter.Check(linears);
        return adapter._modules.ToDictionary(
            pair => pair.Key,
            pair => new LowRankUpdate(
                adapter.Load(
                    pair.Value[AdapterRole.Down], device, dtype), adapter.Load(pair.Value[AdapterRole.Up], device, dtype), factors[pair.Key]),
            StringComparer.Ordinal);
    }

    private void Group()
    {
        foreach ((string name, SafetensorInfo info) in _file.Tensors)
        {
            if (SafetensorsFile.IsFp8Marker(name) || IsScaleOfFp8(name))
            {
                continue;
            }

            if (AdapterKeyParser.Parse(name) is not { } key)
            {
                _problems.Add($"{AdapterKeyParser.KindOf(name)} are not read", $"'{name}'");
                continue;
            }

            if (!_modules.TryGetValue(key.Module, out Dictionary<AdapterRole, SafetensorInfo>? parts))
            {
                _modules.Add(key.Module, parts = []);
                _stated.Add(key.Module, key.StatedModule);
            }

            if (!parts.TryAdd(key.Role, info))
            {
                _problems.Add("two tensors are the same part", $"'{name}' and '{parts[key.Role].Name}'");
            }
        }
    }

    // Such a scale is applied where its weight is read; one of any other weight would be lost, so it counts as an unknown key.
    private bool IsScaleOfFp8(string name) =>
        SafetensorsFile.IsScale(name)
        && _file.Tensors.TryGetValue(name.Replace(".scale_weight", ".weight", StringComparison.Ordinal), out SafetensorInfo? weight)
        && weight.DataType == SafetensorsDataType.F8E4M3;

    private Dictionary<string, double> Check(IReadOnlyDictionary<string, IReadOnlyList<long>> linears)
    {
        Dictionary<string, double> factors = new(StringComparer.Ordinal);
        foreach ((string module, Dictionary<AdapterRole, SafetensorInfo> parts) in _modules)
        {
            if (!linears.TryGetValue(module, out IReadOnlyList<long>? shape))
            {
                _problems.Add("the transformer has no such linear", $"'{module}'");
            }
            else if (!parts.TryGetValue(AdapterRole.Down, out SafetensorInfo? down) || !parts.TryGetValue(AdapterRole.Up, out SafetensorInfo? up))
            {
                _problems.Add("Down and Up are needed", $"{module} has {string.Join(" and ", parts.Keys)} only");
            }
            else if (Matrix(down) is not { } d || Matrix(up) is not { } u || d.Columns != shape[1] || u.Rows != shape[0] || u.Columns != d.Rows)
            {
                _problems.Add(
                    "an update does not fit its linear",
                    $"{module} is [{string.Join(", ", shape)}], its update [{string.Join(", ", up.Shape)}] · [{string.Join(", ", down.Shape)}]");
            }
            else
            {
                factors[module] = Factor(module, d.Rows, parts.GetValueOrDefault(AdapterRole.Alpha));
            }
        }

        if (_modules.Count == 0)
        {
            _problems.Add("nothing to apply", "no low-rank parts");
        }

        foreach (string name in _file.Tensors.Keys.Where(name => !_file.IsFinite(name)))
        {
            _problems.Add("values that are not finite numbers", $"'{name}'");
        }

        string fileName = Path.GetFileName(_file.FilePath);
        return !_problems.Any
            ? factors
            : throw new ModelFormatException(fileName, $"{fileName} is not an adapter for this transformer: {_problems}.");
    }

    // Alpha may be a tensor, or be stated in words; where both speak they must agree.
    private double Factor(string module, long rank, SafetensorInfo? alpha)
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

    private static (long Rows, long Columns)? Matrix(SafetensorInfo info) =>
        info.Shape.Count >= 2 && info.Shape.Skip(2).All(size => size == 1) ? (info.Shape[0], info.Shape[1]) : null;

    // Copied, because the file's pages go when it is closed; detached from scopes, because the adapter lives longer than any.
    private Tensor Load(SafetensorInfo info, Device device, ScalarType dtype)
    {
        using Tensor stored = _file.ReadWeight(info.Name);
        using Tensor matrix = stored.flatten(1); // [rows, columns]
        return matrix.to(dtype, device, copy: true).DetachFromDisposeScope();
    }

    private double Scalar(SafetensorInfo info)
    {
        using Tensor stored = _file.ReadWeight(info.Name);
        using Tensor number = stored.to_type(ScalarType.Float64);
        return number.item<double>();
    }
}
