using MedGen.Classifiers.Frames;
using TorchSharp;

namespace MedGen.Classifiers.Networks;

/// <summary>
/// A trained frame classifier: networks, labels and calibration from one file. Not thread-safe; all calls belong to the device's thread. Owns its
/// tensors.
/// </summary>
public sealed class FrameClassifier : IDisposable
{
    private readonly IReadOnlyList<FrameNetwork> _members;
    private readonly torch.Device _device;

    private FrameClassifier(IReadOnlyList<FrameNetwork> members, FrameClassifierMetadata metadata, string hash, torch.Device device)
    {
        (_members, Metadata, WeightsHash, _device) = (members, metadata, hash, device);
    }

    /// <summary>Labels, calibration and origin.</summary>
    public FrameClassifierMetadata Metadata { get; }

    /// <summary>The networks; they belong to the classifier.</summary>
    public IReadOnlyList<FrameNetwork> Networks => _members;

    /// <summary>SHA-256 of the weights file in lower-case hex.</summary>
    public string WeightsHash { get; }

    /// <summary>Loads a classifier.</summary>
    /// <param name="path">The weights file.</param>
    /// <param name="device">Where it shall run.</param>
    /// <returns>The classifier; the caller disposes it.</returns>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken; tensor and reason are named.</exception>
    public static FrameClassifier Load(string path, torch.Device device)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (FrameClassifierMetadata metadata, string hash) = FrameClassifierFile.ReadMetadata(path);
        return new FrameClassifier(FrameClassifierFile.ReadNetworks(path, metadata, device), metadata, hash, device);
    }

    /// <summary>Reads labels, calibration and the file's hash without making tensors, on any thread.</summary>
    /// <param name="path">The weights file.</param>
    /// <returns>The metadata, and the SHA-256 of the file in lower-case hex.</returns>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken, or is no frame classifier.</exception>
    public static (FrameClassifierMetadata Metadata, string Hash) ReadMetadata(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FrameClassifierFile.ReadMetadata(path);
    }

    /// <summary>Writes a weights file (first under another name, then renamed).</summary>
    /// <param name="path">The file.</param>
    /// <param name="members">The networks, as many as the metadata says.</param>
    /// <param name="metadata">Labels, calibration and origin.</param>
    public static void Save(string path, IReadOnlyList<FrameNetwork> members, FrameClassifierMetadata metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentOutOfRangeException.ThrowIfNotEqual(members.Count, metadata.Members, nameof(members));
        FrameClassifierFile.Write(path, members, metadata);
    }

    /// <summary>Scores pictures, each alone: the same picture has the same score whatever is scored with it.</summary>
    /// <param name="pictures">Any number.</param>
    /// <returns>Mean log-probabilities in label order for each picture; null for a flat one.</returns>
    public IReadOnlyList<IReadOnlyList<double>?> Score(IReadOnlyList<FramePicture> pictures) => FrameScoring.Score(_members, pictures, _device);

    /// <summary>The answer for the frames of a clip.</summary>
    /// <param name="scores">At least one score of <see cref="Score"/>.</param>
    /// <returns>The answer.</returns>
    public FrameVerdict Decide(IReadOnlyList<IReadOnlyList<double>?> scores) => Metadata.Calibration.Decide(scores, Metadata.Labels.Count);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (FrameNetwork member in _members)
        {
            member.Dispose();
        }
    }
}
