using MedGen.Classifiers.Networks;
using System.Text.Json;
using MedGen.Torch.Safetensors;
using TorchSharp;

namespace MedGen.Classifiers.Temporal;

/// <summary>
/// The file of a phase recogniser: float16 tensors in the safetensors format, those of the frame network under <c>frame.</c> and those of the
/// temporal network under <c>temporal.</c>, and one metadata entry <c>medgen-phases</c> with <see cref="PhaseRecognizerMetadata"/> as JSON.
/// </summary>
internal static class PhaseRecognizerFile
{
    private const string MetadataKey = "medgen-phases";

    public static void Write(string path, FrameNetwork frame, TemporalNetwork temporal, PhaseRecognizerMetadata metadata)
    {
        using var scope = torch.NewDisposeScope();
        var tensors = frame.Weights.Select(w => (Name: $"frame.{w.Key}", Value: w.Value.detach()))
            .Concat(temporal.Weights.Select(w => (Name: $"temporal.{w.Key}", Value: w.Value.detach())))
            .ToDictionary(t => t.Name, t => t.Value.to_type(torch.ScalarType.Float16));
        string json = JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web);
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { [MetadataKey] = json });
    }

    public static (FrameNetwork Frame, TemporalFilter Temporal) Read(string path, PhaseRecognizerMetadata metadata, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string name = Path.GetFileName(path);
        torch.Tensor? Find(string key) => file.Tensors.ContainsKey(key) ? file.Read(key) : null;
        using TemporalNetwork temporal = TemporalNetwork.FromWeights(name, metadata.Temporal, key => Find($"temporal.{key}"));
        return (FrameNetwork.FromWeights(name, metadata.Labels.Count, key => Find($"frame.{key}"), device), new TemporalFilter(temporal));
    }

    public static (PhaseRecognizerMetadata Metadata, string Hash) ReadMetadata(string path) =>
        NetworkMetadata.Read<PhaseRecognizerMetadata>(path, MetadataKey, "phase recogniser", (metadata, name) => metadata.Validate(name));
}
