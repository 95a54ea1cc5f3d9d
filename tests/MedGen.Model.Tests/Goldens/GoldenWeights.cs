using MedGen.Model.Parameters;

namespace MedGen.Model.Tests.Goldens;

/// <summary>Weights of a fixture as a source that parts are built from.</summary>
internal static class GoldenWeights
{
    public static StoredWeights Open(Func<string, string> toOriginal, params string[] parts)
    {
        GoldenTensors tensors = new(parts);
        Dictionary<string, string> stored = tensors.Names.ToDictionary(toOriginal);
        return new StoredWeights(
            parts[^1],
            stored.ToDictionary(name => name.Key, name => (IReadOnlyList<long>)[.. tensors[name.Value].shape]),
            name => tensors[stored[name]]);
    }
}
