using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>A folder with <c>cases.safetensors</c> or <c>cases.json</c>, weights and configs.</summary>
internal sealed class FixtureFolder : IDisposable
{
    private readonly Lazy<SafetensorsFile> _tensors;
    private readonly Lazy<JsonElement> _json;

    public FixtureFolder(string path)
    {
        FullPath = Path.GetFullPath(path);
        _tensors = new(() => SafetensorsFile.Open(PathOf("cases.safetensors")));
        _json = new(() =>
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf("cases.json")));
            return document.RootElement.Clone();
        });
    }

    public string FullPath { get; }

    public string Name => Path.GetFileName(FullPath.TrimEnd(Path.DirectorySeparatorChar));

    public bool HasTensors => File.Exists(PathOf("cases.safetensors"));

    public bool HasJson => File.Exists(PathOf("cases.json"));

    public IEnumerable<string> TensorNames => HasTensors ? _tensors.Value.Tensors.Keys : [];

    public JsonElement Json => _json.Value;

    /// <summary>Weight files of the part, in both namings if both are there; adapters and cases are left out.</summary>
    public IReadOnlyList<string> WeightFiles =>
    [
        .. Directory.EnumerateFiles(FullPath, "*.safetensors")
            .Where(path => Path.GetFileName(path) is var name && name != "cases.safetensors" && !name.StartsWith("lora", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal),
    ];

    public string PathOf(string name) => Path.Combine(FullPath, name);

    public bool Has(string tensorName) => _tensors.Value.Tensors.ContainsKey(tensorName);

    /// <summary>A tensor of the cases; it lives as long as the folder is open.</summary>
    public Tensor this[string name] => _tensors.Value.Read(name);

    /// <summary>The matches of a pattern over all tensor names.</summary>
    public IReadOnlyList<Match> Matches(string pattern) => [.. TensorNames.Select(name => Regex.Match(name, pattern)).Where(match => match.Success)];

    /// <summary>The config that belongs to a weight file: <c>model_x.safetensors</c> has <c>config_x.json</c>; null when it is not there.</summary>
    public string? ConfigOf(string weightFile)
    {
        string stem = Path.GetFileNameWithoutExtension(weightFile);
        string path = PathOf($"config{(stem.StartsWith("model", StringComparison.Ordinal) ? stem["model".Length..] : "")}.json");
        return File.Exists(path) ? path : null;
    }

    public void Dispose()
    {
        if (_tensors.IsValueCreated)
        {
            _tensors.Value.Dispose();
        }
    }
}
