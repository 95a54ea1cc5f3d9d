using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Frames;
using TorchSharp;

namespace MedGen.Classifiers.Temporal;

/// <summary>
/// A trained phase recogniser: features of a frame (on the device's thread), a causal temporal network over them (on any thread), labels and
/// calibration,
/// from one file. Frames are one second apart. Owns its tensors.
/// </summary>
public sealed class PhaseRecognizer : IDisposable
{
    private readonly FrameNetwork _frame;
    private readonly TemporalFilter _temporal;
    private readonly torch.Device _device;

    private PhaseRecognizer(FrameNetwork frame, TemporalFilter temporal, PhaseRecognizerMetadata metadata, string hash, torch.Device device) =>
        (_frame, _temporal, Metadata, WeightsHash, _device) = (frame, temporal, metadata, hash, device);

    /// <summary>Labels, workflow, calibration and origin.</summary>
    public PhaseRecognizerMetadata Metadata { get; }

    /// <summary>SHA-256 of the weights file in lower-case hex.</summary>
    public string WeightsHash { get; }

    /// <summary>Loads a recogniser, on the device's thread.</summary>
    /// <param name="path">The weights file.</param>
    /// <param name="device">Where the frame network shall run.</param>
    /// <returns>The recogniser; the caller disposes it.</returns>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken; tensor and reason are named.</exception>
    public static PhaseRecognizer Load(string path, torch.Device device)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (PhaseRecognizerMetadata metadata, string hash) = PhaseRecognizerFile.ReadMetadata(path);
        (FrameNetwork frame, TemporalFilter temporal) = PhaseRecognizerFile.Read(path, metadata, device);
        return new PhaseRecognizer(frame, temporal, metadata, hash, device);
    }

    /// <summary>Reads labels, calibration and the file's hash without making tensors, on any thread.</summary>
    /// <param name="path">The weights file.</param>
    /// <returns>The metadata, and the SHA-256 of the file in lower-case hex.</returns>
    /// <exception cref="Sdk.Errors.ModelFormatException">The file is missing or broken, or is no phase recogniser.</exception>
    public static (PhaseRecognizerMetadata Metadata, string Hash) ReadMetadata(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PhaseRecognizerFile.ReadMetadata(path);
    }

    /// <summary>Writes a weights file (first under another name, then renamed).</summary>
    /// <param name="path">The file.</param>
    /// <param name="frame">The frame network.</param>
    /// <param name="temporal">The temporal network.</param>
    /// <param name="metadata">Labels, workflow, calibration and origin.</param>
    public static void Save(string path, FrameNetwork frame, TemporalNetwork temporal, PhaseRecognizerMetadata metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(temporal);
        ArgumentNullException.ThrowIfNull(metadata);
        PhaseRecognizerFile.Write(path, frame, temporal, metadata);
    }

    /// <summary>The view of a picture that the frame network reads: the whole of it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="view">Takes 3 · ViewSide · ViewSide values, 0 … 1, planes R, G, B.</param>
    public static void View(FramePicture picture, Span<float> view) => PictureWindow.Upright(0, 0, 1, 1).Sample(picture, FrameNetwork.ViewSide, view);

    /// <summary>Computes the features of a frame, on the device's thread.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>The features, FrameNetwork.FeatureLength values.</returns>
    public float[] Embed(FramePicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        float[] view = new float[3 * FrameNetwork.ViewSide * FrameNetwork.ViewSide];
        View(picture, view);
        torch.Tensor views = torch.tensor(view, [1, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide]).to(_device);
        return _frame.Embed(views).cpu().data<float>().ToArray();
    }

    /// <summary>Starts at a video's first frame.</summary>
    /// <returns>The session; for one video and one thread at a time.</returns>
    public TemporalSession Start() => _temporal.Start();

    /// <summary>Turns logits into calibrated probabilities.</summary>
    /// <param name="logits">Logits of one frame.</param>
    /// <returns>Probabilities in label order; their sum is 1.</returns>
    public double[] Probabilities(IReadOnlyList<float> logits) => Softmax(logits, Metadata.Temperature);

    /// <summary>The softmax of logits that are divided by a temperature.</summary>
    /// <param name="logits">At least one.</param>
    /// <param name="temperature">Above 0.</param>
    /// <returns>Probabilities; their sum is 1.</returns>
    public static double[] Softmax(IReadOnlyList<float> logits, double temperature)
    {
        ArgumentNullException.ThrowIfNull(logits);
        double max = logits.Max();
        double[] exponentials = [.. logits.Select(v => Math.Exp((v - max) / temperature))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(e => e / sum)];
    }

    /// <inheritdoc />
    public void Dispose() => _frame.Dispose();
}
