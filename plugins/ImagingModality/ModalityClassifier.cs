using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
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
internal sealed class ModalityClassifier : IVideoAnalyzer, IPluginSelfTest, IDisposable
{
    private const string TaskName = "imaging-modality";
    private const string Output = "modality";
    private const string Unknown = "unknown";
    private const int FramesPerClip = 8;

    private readonly string _weightsPath;
    private readonly IDeviceExecutor _device;
    private readonly ModalityMetadata _metadata;
    private readonly AnalyzerDescription _description;
    private ModalityNetwork? _network; // touched by the device's thread only

    public ModalityClassifier(string weightsPath, IDeviceExecutor device)
    {
        (_weightsPath, _device) = (weightsPath, device);
        (_metadata, string hash) = ModalityNetwork.ReadMetadata(weightsPath);
        _description = new AnalyzerDescription
        {
            Task = TaskName,
            Summary = "Names the imaging modality of a clip or still as a DICOM defined term, or abstains.",
            Inputs = [new AnalyzerInput { Description = "A clip or still of one modality." }],
            Outputs =
            [
                new AnalyzerOutput
                {
                    Name = Output,
                    Description = "The modality: of each frame that votes, and of the clip.",
                    Kind = OutputKind.Labels,
                    Labels = [.. _metadata.Labels.Select(label => new OutputLabel { Name = label, Code = DicomModality.Find(label) })],
                    Exclusive = true,
                    AbstentionLabel = Unknown,
                    Code = new CodedTerm { Scheme = "DCM", Code = "121139", Meaning = "Modality" },
                },
            ],
            Weights =
            [
                new WeightsDescription { Name = Path.GetFileName(weightsPath), Sha256 = hash, Bytes = new FileInfo(weightsPath).Length },
            ],
            IntendedUse = "Sorting and checking of clips. Not for diagnosis.",
        };
    }

    public AnalyzerDescription Describe() => _description;

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        IVideoClip clip = request.Clip;
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
            yield return new InterimFindings { Findings = [Finding(own, FindingScope.Frame(index, timestamp))] };
        }

        if (scores.Count == 0)
        {
            throw new MediaException("clip", "The clip has no frame to analyse.");
        }

        FrameVerdict verdict = _metadata.Calibration.Decide(ModalityScore.Mean(scores), _metadata.Labels.Count);
        yield return new FinalFindings { Findings = [Finding(verdict, FindingScope.Clip)] };
        yield return new AnalysisCompleted { FramesAnalyzed = scores.Count };
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

    private LabelFinding Finding(FrameVerdict verdict, FindingScope scope) => new()
    {
        Output = Output,
        Scope = scope,
        Labels = [verdict.Abstained ? Unknown : _metadata.Labels[verdict.Best]],
        Probabilities = verdict.Probabilities,
    };

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
