using System.Text.Json;
using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Networks;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Modality;

/// <summary>
/// The imaging-modality classifier: features of a frozen backbone, a linear discriminant over the labels and "none of them", and its calibration,
/// from one safetensors file (<c>backbone.*</c> in float16, <c>means</c> and <c>precision</c> in float32, the metadata entry <c>modality</c> as
/// JSON). Not thread-safe; all calls belong to the device's thread.
/// </summary>
public sealed class ModalityNetwork : IDisposable
{
    private const string MetadataKey = "modality";
    private const string BackbonePrefix = "backbone.";

    private readonly ResidualBackbone _backbone;
    private readonly LinearDiscriminant _discriminant;
    private readonly Device _device;

    private ModalityNetwork(ResidualBackbone backbone, LinearDiscriminant discriminant, ModalityMetadata metadata, Device device) =>
        (_backbone, _discriminant, Metadata, _device) = (backbone, discriminant, metadata, device);

    /// <summary>Labels, calibration and origin.</summary>
    public ModalityMetadata Metadata { get; }

    /// <summary>Loads a classifier.</summary>
    /// <param name="path">The weights file.</param>
    /// <param name="device">Where it shall run.</param>
    /// <returns>The classifier; the caller disposes it.</returns>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken; tensor and reason are named.</exception>
    public static ModalityNetwork Load(string path, Device device)
    {
        (ModalityMetadata metadata, _) = ReadMetadata(path);
        using var scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        ResidualBackbone backbone = Backbone(file, device);
        try
        {
            LinearDiscriminant discriminant = LinearDiscriminant.FromWeights(
                Path.GetFileName(path), metadata.Labels.Count + 1, name => Find(file, name), device);
            return new ModalityNetwork(backbone, discriminant, metadata, device);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Loads the backbone alone.</summary>
    /// <param name="path">The weights file.</param>
    /// <param name="device">Where it shall run.</param>
    /// <returns>The backbone; the caller disposes it.</returns>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken; tensor and reason are named.</exception>
    public static ResidualBackbone LoadBackbone(string path, Device device)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return Backbone(file, device);
    }

    /// <summary>Reads labels, calibration and the file's hash without making tensors, on any thread.</summary>
    /// <param name="path">The weights file.</param>
    /// <returns>The metadata, and the SHA-256 of the file in lower-case hex.</returns>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken, or is no modality classifier.</exception>
    public static (ModalityMetadata Metadata, string Hash) ReadMetadata(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return NetworkMetadata.Read<ModalityMetadata>(path, MetadataKey, "modality classifier", (metadata, name) => metadata.Validate(name));
    }

    /// <summary>Writes a weights file (first under another name, then renamed).</summary>
    /// <param name="path">The file.</param>
    /// <param name="backbone">The backbone.</param>
    /// <param name="discriminant">The discriminant over the labels and "none of them".</param>
    /// <param name="metadata">Labels, calibration and origin.</param>
    public static void Save(string path, ResidualBackbone backbone, LinearDiscriminant discriminant, ModalityMetadata metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(discriminant);
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = backbone.Weights
            .ToDictionary(weight => BackbonePrefix + weight.Key, weight => weight.Value.detach().to_type(ScalarType.Float16));
        tensors.Add("means", discriminant.Means);
        tensors.Add("precision", discriminant.Precision);
        string json = JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web);
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { [MetadataKey] = json });
    }

    /// <summary>Scores pictures, each alone: the same picture has the same score whatever is scored with it.</summary>
    /// <param name="pictures">Any number.</param>
    /// <returns>The score of each picture; null for a flat one, on which there is nothing to judge.</returns>
    public IReadOnlyList<ModalityScore?> Score(IReadOnlyList<FramePicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return [.. pictures.Select(picture => picture.IsFlat ? null : Score(picture))];
    }

    /// <summary>Scores a picture and gives the features by which it did, for a head of one's own over them.</summary>
    /// <param name="picture">A picture that is not flat.</param>
    /// <returns>The features, <see cref="ResidualBackbone.FeatureLength"/> of them, and the score.</returns>
    public (float[] Features, ModalityScore Score) Look(FramePicture picture)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor features = _backbone.Embed(ModalityViews.Of([picture]).to(_device)); // [1, FeatureLength]
        return (features.cpu().contiguous().data<float>().ToArray(), ModalityScores.Of(_discriminant, features)[0]);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _backbone.Dispose();
        _discriminant.Dispose();
    }

    private ModalityScore Score(FramePicture picture)
    {
        using var scope = NewDisposeScope();
        return ModalityScores.Of(_discriminant, _backbone.Embed(ModalityViews.Of([picture]).to(_device)))[0];
    }

    private static ResidualBackbone Backbone(SafetensorsFile file, Device device) =>
        ResidualBackbone.FromWeights(Path.GetFileName(file.FilePath), name => Find(file, BackbonePrefix + name), device);

    private static Tensor? Find(SafetensorsFile file, string name) => file.Tensors.ContainsKey(name) ? file.Read(name) : null;
}
