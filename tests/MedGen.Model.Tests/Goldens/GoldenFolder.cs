using System.Collections.Concurrent;
using MedGen.Model.Verification;

namespace MedGen.Model.Tests.Goldens;

/// <summary>The reference fixtures.</summary>
internal static class GoldenFolder
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Renamed = new(StringComparer.Ordinal);

    /// <summary>Full path of the folder that holds all parts.</summary>
    public static string Root { get; } = Fixtures.Path("goldens");

    /// <summary>Full path of a file or folder in it; the weights in another naming are made from those that are stored.</summary>
    public static string Path(params string[] parts) => parts is [var part, "model_diffusers.safetensors" or "model_transformers.safetensors"]
        ? Renamed.GetOrAdd(part, name => new Lazy<string>(() => Rename(name))).Value
        : System.IO.Path.Combine([Root, .. parts]);

    private static string Rename(string part)
    {
        string target = System.IO.Path.Combine(AppContext.BaseDirectory, $"{part}-renamed.safetensors");
        RenamedWeights.Write(Path(part, "model.safetensors"), Path(part, RenamedWeights.MapFile), target);
        return target;
    }
}
