using System.Text.Json;
using MedGen.Torch.Safetensors;
using TorchSharp;

namespace MedGen.Classifiers.Networks;

/// <summary>
/// The file of a frame classifier: float32 tensors in the safetensors format, those of network n under <c>members.n.</c>, and one metadata
/// entry <c>medgen</c> with <see cref="FrameClassifierMetadata"/> as JSON.
/// </summary>
internal static class FrameClassifierFile
{
    private const string MetadataKey = "medgen";

    public static void Write(string path, IReadOnlyList<FrameNetwork> members, FrameClassifierMetadata metadata)
    {
        using var scope = torch.NewDisposeScope();
        var tensors = members
            .SelectMany((network, i) => network.Weights.Select(w => (Name: $"members.{i}.{w.Key}", Value: w.Value.detach())))
            .ToDictionary(t => t.Name, t => t.Value);
        string json = JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web);
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { [MetadataKey] = json });
    }

    public static IReadOnlyList<FrameNetwork> ReadNetworks(string path, FrameClassifierMetadata metadata, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        var members = new List<FrameNetwork>();
        try
        {
            for (int i = 0; i < metadata.Members; i++)
            {
                torch.Tensor? Find(string key) => file.Tensors.ContainsKey($"members.{i}.{key}") ? file.Read($"members.{i}.{key}") : null;
                members.Add(FrameNetwork.FromWeights(Path.GetFileName(path), metadata.Labels.Count, Find, device));
            }
        }
        catch
        {
            members.ForEach(m => m.Dispose());
            throw;
        }

        return members;
    }

    public static (FrameClassifierMetadata Metadata, string Hash) ReadMetadata(string path) =>
        NetworkMetadata.Read<FrameClassifierMetadata>(path, MetadataKey, "frame classifier", (metadata, name) => metadata.Validate(name));
}
