using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Sdk.Errors;
using MedGen.Model.Adapters;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>A folder with <c>cases.safetensors</c> or <c>cases.json</c>, weights and configs. Remembers which tensors were asked for.</summary>
internal sealed partial class FixtureFolder : IDisposable
{
    private const string CasesFile = "cases.safetensors";

    private readonly Lazy<SafetensorsFile> _tensors;
    private readonly Lazy<JsonElement> _json;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Lazy<string> _renamed; // folder of the weights under other names

    public FixtureFolder(string path)
    {
        FullPath = Path.GetFullPath(path);
        _tensors = new(() => SafetensorsFile.Open(PathOf(CasesFile)));
        _renamed = new(() => Directory.CreateTempSubdirectory("medgen-verify-").FullName);
        _json = new(() =>
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf("cases.json")));
            return document.RootElement.Clone();
        });
    }

    public string FullPath { get; }

    /// <summary>Where the model lies that the fixture is for, as the user told it; null: to be found.</summary>
    public string? BaseFolder { get; init; }

    public string Name => Path.GetFileName(FullPath.TrimEnd(Path.DirectorySeparatorChar));

    public bool HasTensors => File.Exists(PathOf(CasesFile));

    public bool HasJson => File.Exists(PathOf("cases.json"));

    public IEnumerable<string> TensorNames => HasTensors ? _tensors.Value.Tensors.Keys : [];

    /// <summary>Tensors that nothing has asked for.</summary>
    public IEnumerable<string> UnreadNames => TensorNames.Where(name => !_read.Contains(name));

    public JsonElement Json => _json.Value;

    /// <summary>
    /// The models of the folder, in one naming or several, one of which may be given by <see cref="RenamedWeights"/>; adapters and cases are left
    /// out.
    /// </summary>
    public IReadOnlyList<FixtureWeights> Weights
    {
        get
        {
            List<FixtureWeights> stored =
            [
                .. SafetensorsFiles().Where(path => !IsAdapter(path)).GroupBy(LabelOf, StringComparer.Ordinal)
                    .Select(group => new FixtureWeights(group.Key, [.. group], ConfigOf(group.Key))),
            ];
            return stored is [{ Files: [var only] } weights] && File.Exists(PathOf(RenamedWeights.MapFile))
                ? [weights, Renamed(only)]
                : stored;
        }
    }

    /// <summary>The adapters of the folder: files with low-rank parts, whatever their names.</summary>
    public IEnumerable<string> AdapterFiles => SafetensorsFiles().Where(IsAdapter);

    public string PathOf(string name) => Path.Combine(FullPath, name);

    public bool Has(string tensorName) => HasTensors && _tensors.Value.Tensors.ContainsKey(tensorName);

    /// <summary>A tensor of the cases; it lives as long as the folder is open.</summary>
    public Tensor this[string name]
    {
        get
        {
            _read.Add(name);
            return _tensors.Value.Read(name);
        }
    }

    /// <summary>A member of an object in <c>cases.json</c>.</summary>
    public static JsonElement Property(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value)
        ? value
        : throw new ModelFormatException("cases.json", $"cases.json: '{name}' is missing.");

    /// <summary>The one whole number in a tensor.</summary>
    public long Number(string name)
    {
        Tensor tensor = this[name];
        return tensor.numel() == 1
            ? tensor.to_type(ScalarType.Int64).item<long>()
            : throw new ModelFormatException(CasesFile, $"'{name}' has {tensor.numel()} values, needed 1.");
    }

    /// <summary>The matches of a pattern over all tensor names.</summary>
    public IReadOnlyList<Match> Matches(string pattern) => [.. TensorNames.Select(name => Regex.Match(name, pattern)).Where(match => match.Success)];

    public void Dispose()
    {
        if (_tensors.IsValueCreated)
        {
            _tensors.Value.Dispose();
        }

        if (_renamed.IsValueCreated)
        {
            Directory.Delete(_renamed.Value, recursive: true);
        }
    }

    private FixtureWeights Renamed(string path)
    {
        string target = Path.Combine(_renamed.Value, "renamed.safetensors");
        RenamedWeights.Write(path, PathOf(RenamedWeights.MapFile), target);
        string? config = Directory.EnumerateFiles(FullPath, "config_*.json").Order(StringComparer.Ordinal).FirstOrDefault();
        return new FixtureWeights($"{Path.GetFileName(path)} by {RenamedWeights.MapFile}", [target], config ?? ConfigOf(Path.GetFileName(path)));
    }

    private IOrderedEnumerable<string> SafetensorsFiles() =>
        Directory.EnumerateFiles(FullPath, "*.safetensors").Where(path => !path.EndsWith(CasesFile, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    // By name where the header cannot be read, so that whoever opens the file tells why.
    private static bool IsAdapter(string path)
    {
        try
        {
            return LoraAdapter.IsAdapter(SafetensorsHeader.Read(path, requireData: false).Tensors.Keys);
        }
        catch (ModelFormatException)
        {
            return Path.GetFileName(path).StartsWith("lora", StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string LabelOf(string path) => ShardNumber().Replace(Path.GetFileName(path), ".safetensors");

    // model_x.safetensors has config_x.json. Another config of the folder states the same model.
    private string? ConfigOf(string label)
    {
        string stem = Path.GetFileNameWithoutExtension(label);
        string own = PathOf($"config{(stem.StartsWith("model", StringComparison.Ordinal) ? stem["model".Length..] : "")}.json");
        return Directory.EnumerateFiles(FullPath, "config*.json").OrderBy(path => path != own).ThenBy(path => path, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    [GeneratedRegex(@"-[0-9]{1,6}-of-[0-9]{1,6}\.safetensors$")]
    private static partial Regex ShardNumber();
}
