using System.Runtime.CompilerServices;
using MedGen.Sdk.Classification;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Modality;
using MedGen.Classifiers.Networks;

namespace MedGen.Plugins.ImagingModality;

/// <summary>
/// Names the imaging modality of a clip by the votes of frames spread over it: the mean of their scores, calibrated. Abstains on flat pictures and on
/// what is none of the labels or unlike the training data.
/// </summary>
internal sealed class ModalityClassifier : IVideoClassifier, IPluginSelfTest, IDisposable
{
    private const string TaskName = "imaging-modality";
    private const string Unknown = "unknown";
    private const int FramesPerClip = 8;

    private readonly string _weightsPath;
    private readonly IDeviceExecutor _device;
    private readonly ModalityMetadata _metadata;
    private ModalityNetwork? _network; // touched by the device's thread only

    public ModalityClassifier(string weightsPath, IDeviceExecutor device)
    {
        (_weightsPath, _device) = (weightsPath, device);
        (_metadata, string hash) = ModalityNetwork.ReadMetadata(weightsPath);
        Description = new ClassifierDescription { Task = TaskName, Labels = _metadata.Labels, AbstentionLabel = Unknown, WeightsHash = hash };
    }

    public ClassifierDescription Description { get; }

    public async IAsyncEnumerable<ClassificationUpdate> ClassifyAsync(
        IVideoClip clip, ClassificationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.RequireNoParameters();
        ArgumentNullException.ThrowIfNull(clip);
        List<ModalityScore?> scores = [];
        await foreach (VideoFrame frame in clip.ReadFramesAsync(Sampling(clip), cancellationToken).ConfigureAwait(false))
        {
            (long index, TimeSpan timestamp) = (frame.Index, frame.Timestamp);
            FramePicture picture;
            using (frame)
            {
                picture = FramePicture.FromFrame(frame);
            }

            ModalityScore? score = await ScoreAsync(picture, cancellationToken).ConfigureAwait(false);
            scores.Add(score);
            FrameVerdict own = _metadata.Calibration.Decide(score, _metadata.Labels.Count);
            yield return new FramePrediction { FrameIndex = index, Timestamp = timestamp, Label = Name(own), Probabilities = own.Probabilities };
        }

        if (scores.Count == 0)
        {
            throw new MediaException("clip", "The clip has no frame to classify.");
        }

        FrameVerdict verdict = _metadata.Calibration.Decide(ModalityScore.Mean(scores), _metadata.Labels.Count);
        yield return new ClipPrediction
        {
            Label = Name(verdict),
            Probability = verdict.Probabilities[verdict.Best],
            Probabilities = verdict.Probabilities,
            Abstained = verdict.Abstained,
            FrameCount = scores.Count,
        };
    }

    /// <summary>
    /// Loads the weights and classifies a plain frame, on which the classifier must abstain, and a ramp, on which it must give probabilities.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] ramp = new byte[FramePicture.ByteCount];
        for (int i = 0; i < ramp.Length; i++)
        {
            ramp[i] = (byte)(i / 3 % FramePicture.Side);
        }

        ModalityScore? plain = await ScoreAsync(new FramePicture(new byte[FramePicture.ByteCount]), cancellationToken).ConfigureAwait(false);
        ModalityScore? seen = await ScoreAsync(new FramePicture(ramp), cancellationToken).ConfigureAwait(false);
        if (plain is not null || seen is null || !seen.LogProbabilities.All(double.IsFinite) || !double.IsFinite(seen.Distance))
        {
            throw new ModelFormatException(Path.GetFileName(_weightsPath), "The network does not give finite scores for a plain picture.");
        }
    }

    public void Dispose() => _network?.Dispose();

    private Task<ModalityScore?> ScoreAsync(FramePicture picture, CancellationToken cancellationToken) =>
        _device.RunAsync(
            _ =>
            {
                _network ??= ModalityNetwork.Load(_weightsPath, _device.Device);
                return _network.Score([picture])[0];
            },
            ServicePriority.Interactive,
            cancellationToken);

    private string Name(FrameVerdict verdict) => verdict.Abstained ? Unknown : _metadata.Labels[verdict.Best];

    /// <summary>All frames of short and live clips; of others as many as vote, from the middle of equal parts.</summary>
    private static FrameSampling Sampling(IVideoClip clip)
    {
        VideoInfo info = clip.Info;
        if (clip.IsLive || info.FrameCount <= FramesPerClip)
        {
            return FrameSampling.All;
        }

        if (info.Duration is not { } duration || duration <= TimeSpan.Zero)
        {
            return info.FrameRate is null
                ? new FrameSampling { MaxFrames = FramesPerClip }
                : new FrameSampling { FramesPerSecond = 1, MaxFrames = 4 * FramesPerClip };
        }

        return new FrameSampling
        {
            Start = duration / (2 * FramesPerClip),
            FramesPerSecond = Math.Clamp(FramesPerClip / duration.TotalSeconds, 1e-4, 240),
            MaxFrames = FramesPerClip,
        };
    }
}
