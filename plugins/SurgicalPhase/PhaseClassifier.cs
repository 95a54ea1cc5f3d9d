using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Torch.Execution;
using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Temporal;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>
/// Names the phase of an operation once a second. Each answer depends on that second and earlier ones only, at constant cost; a stored clip can be
/// decoded as a whole when it has ended. A frame that shows nothing passes into no network and is answered by <see cref="NoPicture"/>.
/// </summary>
internal sealed class PhaseClassifier : IVideoAnalyzer, IPluginSelfTest, IDisposable
{
    /// <summary>The answer for a second without a picture.</summary>
    public const string NoPicture = "NoPicture";

    private const string TaskName = "surgical-phase";
    private const int LongestGap = 3600; // seconds without a frame that are filled with the last one

    private readonly string _weightsPath;
    private readonly IDeviceExecutor _device;
    private readonly PhaseRecognizerMetadata _metadata;
    private readonly WorkflowGraph _workflow;
    private readonly double[] _undecided;
    private readonly AnalyzerDescription _description;
    private PhaseRecognizer? _recognizer; // made on the device's thread

    public PhaseClassifier(string weightsPath, IDeviceExecutor device)
    {
        (_weightsPath, _device) = (weightsPath, device);
        (_metadata, string hash) = PhaseRecognizer.ReadMetadata(weightsPath);
        _workflow = _metadata.Graph();
        _description = PhaseOutputs.Describe(TaskName, _metadata.Labels, weightsPath, hash);
        _undecided = [.. Enumerable.Repeat(1.0 / _metadata.Labels.Count, _metadata.Labels.Count)];
    }

    public AnalyzerDescription Describe() => _description;

    public Task ValidateAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Violations violations = new();
        request.ReadParameters<PhaseParameters>().Check(violations.In("parameters"), request.Inputs.Any(input => input.Clip.IsLive));
        violations.ThrowIfAny();
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AnalyzeAsync(request.Clip, request.ReadParameters<PhaseParameters>(), cancellationToken);
    }

    /// <summary>Loads the weights and classifies a ramp for three seconds; the probabilities must be finite.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] ramp = new byte[FramePicture.ByteCount];
        for (int i = 0; i < ramp.Length; i++)
        {
            ramp[i] = (byte)(i / 3 % FramePicture.Side);
        }

        (PhaseRecognizer recognizer, float[] features) = await EmbedAsync(new FramePicture(ramp), ServicePriority.Normal, cancellationToken)
            .ConfigureAwait(false);
        TemporalSession session = recognizer.Start();
        for (int second = 0; second < 3; second++)
        {
            if (!recognizer.Probabilities(session.Step(features)).All(double.IsFinite))
            {
                throw new ModelFormatException(Path.GetFileName(_weightsPath), "The network does not give finite probabilities for a plain picture.");
            }
        }
    }

    public void Dispose() => _recognizer?.Dispose();

    private async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        IVideoClip clip, PhaseParameters parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ServicePriority priority = clip.IsLive ? ServicePriority.Interactive : ServicePriority.Normal;
        PhaseTracker tracker = new(_workflow, parameters);
        List<PhaseSecond> seconds = [];
        TemporalSession? session = null;
        float[] previous = [];
        TimeSpan? seen = null;
        TimeSpan? blank = null;
        await foreach (VideoFrame frame in clip.ReadFramesAsync(Sampling(clip), cancellationToken).ConfigureAwait(false))
        {
            (long index, TimeSpan time) = (frame.Index, frame.Timestamp);
            FramePicture picture;
            using (frame)
            {
                picture = FramePicture.FromFrame(frame);
            }

            if (picture.IsFlat)
            {
                tracker.Interrupt();
                blank ??= time;
                seconds.Add(new PhaseSecond(index, time, _undecided, HasPicture: false));
                yield return WithoutPicture(index, time, blank.Value);
                continue;
            }

            (PhaseRecognizer recognizer, float[] features) = await EmbedAsync(picture, priority, cancellationToken).ConfigureAwait(false);
            session ??= recognizer.Start();
            for (int missed = MissedSeconds(seen, time); missed > 0; missed--)
            {
                // The network counts frames as seconds: where a source paused or showed nothing, its last picture stood.
                session.Step(previous);
            }

            double[] probabilities = recognizer.Probabilities(session.Step(features));
            (previous, seen, blank) = (features, time, null);
            seconds.Add(new PhaseSecond(index, time, probabilities));
            PhaseDecision decision = tracker.Next(time.TotalSeconds, probabilities);
            LabelFinding finding = new()
            {
                Output = PhaseOutputs.Phase,
                Scope = FindingScope.Frame(index, time),
                Labels = [_metadata.Labels[decision.Phase]],
                Probabilities = probabilities,
                State = decision.State,
                Since = TimeSpan.FromSeconds(decision.Since),
            };
            yield return new InterimFindings { Findings = [finding] };
            if (decision.Change is { } change)
            {
                yield return new FinalFindings { Findings = PhaseOutputs.Findings(change, _metadata.Labels, index, time) };
            }
        }

        if (seconds.Count == 0)
        {
            throw new MediaException("clip", "The clip has no frame to analyse.");
        }

        foreach (Finding[] part in Conclude(clip, parameters, seconds, tracker).Chunk(FindingRules.MostAtOnce))
        {
            yield return new FinalFindings { Findings = part };
        }

        yield return new AnalysisCompleted { FramesAnalyzed = seconds.Count };
    }

    private IEnumerable<Finding> Conclude(IVideoClip clip, PhaseParameters parameters, List<PhaseSecond> seconds, PhaseTracker tracker)
    {
        PhaseSecond[] seen = [.. seconds.Where(s => s.HasPicture)];
        IReadOnlyList<int> course = parameters.Mode == PhaseMode.Offline && seen.Length > 0
            ? WorkflowDecoder.Decode([.. seen.Select(s => s.Probabilities)], _workflow, _metadata.ChangeCost)
            : tracker.Course;
        double[] mean = seen.Length == 0
            ? _undecided
            : [.. Enumerable.Range(0, _metadata.Labels.Count).Select(label => seen.Average(s => s.Probabilities[label]))];
        LabelFinding whole = new()
        {
            Output = PhaseOutputs.Phase,
            Labels = [seen.Length == 0 ? NoPicture : _metadata.Labels[Array.IndexOf(mean, mean.Max())]],
            Probabilities = mean,
        };
        return new PhaseTimeline(_metadata.Labels, _workflow, parameters).Build(seconds, course, withFrames: !clip.IsLive).Prepend(whole);
    }

    private Task<(PhaseRecognizer Recognizer, float[] Features)> EmbedAsync(
        FramePicture picture, ServicePriority priority, CancellationToken cancellationToken) =>
        _device.RunAsync(
            _ =>
            {
                _recognizer ??= PhaseRecognizer.Load(_weightsPath, _device.Device);
                return (_recognizer, _recognizer.Embed(picture));
            },
            priority,
            cancellationToken);

    private InterimFindings WithoutPicture(long index, TimeSpan time, TimeSpan since)
    {
        LabelFinding finding = new()
        {
            Output = PhaseOutputs.Phase,
            Scope = FindingScope.Frame(index, time),
            Labels = [NoPicture],
            Probabilities = _undecided,
            Since = since,
        };
        return new InterimFindings { Findings = [finding] };
    }

    private static int MissedSeconds(TimeSpan? seen, TimeSpan time) =>
        seen is { } last ? Math.Clamp((int)time.TotalSeconds - (int)last.TotalSeconds - 1, 0, LongestGap) : 0;

    // A still has no rate to sample at.
    private static FrameSampling Sampling(IVideoClip clip) =>
        clip.IsLive || clip.Info.FrameRate is not null ? new FrameSampling { FramesPerSecond = 1 } : FrameSampling.All;
}
