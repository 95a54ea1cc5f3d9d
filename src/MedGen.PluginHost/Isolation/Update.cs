using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.PluginHost.Isolation;

/// <summary>What a running call says; one thing a message. Pictures, files and checkpoints lie behind it.</summary>
internal sealed record Update : WorkerMessage
{
    public AnalysisProgress? Progress { get; init; }

    public InterimFindings? Interim { get; init; }

    public FinalFindings? Final { get; init; }

    public AnalysisCompleted? Completed { get; init; }

    public GenerationWarning? Warning { get; init; }

    public GenerationProgress? Generation { get; init; }

    public CheckpointRejected? Rejected { get; init; }

    public AugmentationProgress? Augmentation { get; init; }

    public AugmentedClipDescription? Made { get; init; }

    /// <summary>A finished frame; with <see cref="Step"/> a preview.</summary>
    public FrameHead? Frame { get; init; }

    /// <summary>Steps of a preview, or of a checkpoint.</summary>
    public int? Step { get; init; }

    /// <summary>Lengths of the files behind findings, in their order.</summary>
    public IReadOnlyList<int> Files { get; init; } = [];

    /// <summary>An update in messages with what lies behind each; the frames of a clip go one by one.</summary>
    /// <exception cref="InvalidOperationException">It is of no kind that is known.</exception>
    public static IEnumerable<(Update Head, ReadOnlyMemory<byte> Payload)> Of(object? update) => update switch
    {
        AnalysisProgress progress => Plain(new Update { Progress = progress }),
        InterimFindings interim => WithFiles(new Update { Interim = interim }, interim.Findings),
        FinalFindings final => WithFiles(new Update { Final = final }, final.Findings),
        AnalysisCompleted completed => Plain(new Update { Completed = completed }),
        GenerationWarning warning => Plain(new Update { Warning = warning }),
        GenerationProgress progress => Plain(new Update { Generation = progress }),
        CheckpointRejected rejected => Plain(new Update { Rejected = rejected }),
        GenerationCheckpoint checkpoint => [(new Update { Step = checkpoint.Step }, checkpoint.Content)],
        GenerationPreview preview => Frames([preview.Frame], preview.Step),
        GeneratedFrames frames => Frames(frames.Frames),
        AugmentationProgress progress => Plain(new Update { Augmentation = progress }),
        AugmentedClipDescription made => Plain(new Update { Made = made }),
        AugmentedFrames frames => Frames(frames.Frames),
        _ => throw new InvalidOperationException($"The plugin gave {update?.GetType().Name ?? "null"} as an update."),
    };

    /// <summary>The update of an analysis.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public AnalysisUpdate ToAnalysis(byte[] payload) => this switch
    {
        { Progress: { } progress } => progress,
        { Interim: { } interim } => interim with { Findings = Filled(interim.Findings, payload) },
        { Final: { } final } => final with { Findings = Filled(final.Findings, payload) },
        { Completed: { } completed } => completed,
        _ => throw new InvalidDataException("An update says nothing of an analysis."),
    };

    /// <summary>The update of a generation.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public GenerationUpdate ToGeneration(byte[] payload) => this switch
    {
        { Warning: { } warning } => warning,
        { Generation: { } progress } => progress,
        { Rejected: { } rejected } => rejected,
        { Frame: { } head, Step: { } step } => new GenerationPreview { Step = step, Frame = Picture(head, payload) },
        { Frame: { } head } => new GeneratedFrames { Frames = [Picture(head, payload)] },
        { Step: { } step } => new GenerationCheckpoint { Step = step, Content = payload },
        _ => throw new InvalidDataException("An update says nothing of a generation."),
    };

    /// <summary>The update of an augmentation.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public AugmentationUpdate ToAugmentation(byte[] payload) => this switch
    {
        { Augmentation: { } progress } => progress,
        { Made: { } made } => made,
        { Frame: { } head } => new AugmentedFrames { Frames = [Picture(head, payload)] },
        _ => throw new InvalidDataException("An update says nothing of an augmentation."),
    };

    /// <summary>A picture from its bytes.</summary>
    /// <exception cref="InvalidDataException">They are not as many as it takes.</exception>
    public static VideoFrame Picture(FrameHead head, byte[] pixels)
    {
        try
        {
            return VideoFrame.Wrap(pixels, head.Width, head.Height, head.Index, head.Timestamp);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException("A frame is none.", exception);
        }
    }

    private static IEnumerable<(Update Head, ReadOnlyMemory<byte> Payload)> Plain(Update update) => [(update, default)];

    private static IEnumerable<(Update Head, ReadOnlyMemory<byte> Payload)> Frames(IReadOnlyList<VideoFrame> frames, int? step = null)
    {
        foreach (VideoFrame frame in frames)
        {
            using (frame)
            {
                yield return (new Update { Frame = FrameHead.Of(frame), Step = step }, frame.Pixels);
            }
        }
    }

    private static IEnumerable<(Update Head, ReadOnlyMemory<byte> Payload)> WithFiles(Update update, IReadOnlyList<Finding> findings)
    {
        ReadOnlyMemory<byte>[] files = [.. findings.OfType<ArtifactFinding>().Select(file => file.Content)];
        byte[] all = new byte[files.Sum(file => file.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> file in files)
        {
            file.CopyTo(all.AsMemory(at));
            at += file.Length;
        }

        yield return (update with { Files = [.. files.Select(file => file.Length)] }, all);
    }

    private IReadOnlyList<Finding> Filled(IReadOnlyList<Finding> findings, byte[] payload)
    {
        int files = findings?.OfType<ArtifactFinding>().Count() ?? 0;
        if (Files.Count != files || Files.Any(length => length < 0) || Files.Sum(length => (long)length) != payload.Length)
        {
            throw new InvalidDataException("The files of findings are not as long as it says.");
        }

        if (files == 0)
        {
            return findings!;
        }

        (int next, int at) = (0, 0);
        return
        [
            .. findings!.Select(finding => finding is ArtifactFinding file ? file with { Content = Cut(payload, Files[next++], ref at) } : finding),
        ];
    }

    private static ReadOnlyMemory<byte> Cut(byte[] payload, int length, ref int at)
    {
        at += length;
        return payload.AsMemory(at - length, length);
    }
}
