using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Files;
using MedGen.Media;

namespace MedGen.Datasets.Augmentation;

/// <summary>Made clips as files of the output folder. Each says in its metadata that it is synthetic, and how.</summary>
internal sealed class ClipFiles(string folder, IVideoReader reader, IVideoWriter writer)
{
    private const int HashDigits = 32;

    /// <summary>Where a clip of the plan lies.</summary>
    public static string NameOf(PlannedClip plan, string method, ClipFormat format) =>
        $"train/synthetic/{plan.Class.Slug}/{plan.Id}-{method}{(format == ClipFormat.Png ? "" : ".mp4")}";

    /// <summary>Id by which a file's own note and the manifest are brought together.</summary>
    public static string ProvenanceOf(ClipRecord record)
    {
        string prefix = record.Origin switch
        {
            ClipOrigin.Altered => SyntheticNote.AlteredPrefix,
            ClipOrigin.Simulated => SyntheticNote.SimulatedPrefix,
            _ => "generated:",
        };
        return $"{prefix}{record.FramesSha256[..HashDigits]}";
    }

    /// <summary>Writes a kept clip; what an interrupted run left of it is replaced.</summary>
    public async Task WriteAsync(ClipRecord record, MadeClip made, ClipShape shape, CancellationToken cancellationToken)
    {
        string path = Scope.Resolve(Path.Combine(folder, record.FileName!), AugmentationTask.OutputField);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        bool isSequence = !Path.HasExtension(path);
        if (isSequence && Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        VideoEncoding encoding = new()
        {
            Format = isSequence ? VideoFormat.PngSequence : Format,
            FramesPerSecond = shape.FramesPerSecond,
            ProvenanceId = ProvenanceOf(record),
        };
        await writer.WriteAsync(path, Frames(made, shape, cancellationToken), encoding, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Where the files may lie.</summary>
    public PathScope Scope { get; init; } = PathScope.Anywhere;

    /// <summary>How videos are encoded.</summary>
    public VideoFormat Format { get; init; } = VideoFormat.H264;

    /// <summary>Makes sure that a clip of an earlier run is still there.</summary>
    /// <exception cref="InvalidInputException">It is not.</exception>
    public void Require(ClipRecord record)
    {
        if (record.FileName is { } name && !Path.Exists(Path.Combine(folder, name)))
        {
            throw new InvalidInputException("out", $"'{name}' is in {AugmentationJournal.FileName} but not in the folder; --overwrite starts anew.");
        }
    }

    /// <summary>The middle frame of a written clip.</summary>
    public async Task<VideoFrame> ReadMiddleAsync(string fileName, ClipShape shape, CancellationToken cancellationToken)
    {
        string path = Scope.Resolve(Path.Combine(folder, fileName), AugmentationTask.OutputField);
        int middle = shape.NumFrames / 2;
        bool isSequence = Directory.Exists(path);
        IVideoClip clip = await reader.OpenAsync(isSequence ? Path.Combine(path, $"{middle:000000}.png") : path, cancellationToken)
            .ConfigureAwait(false);
        FrameSampling sampling =
            new() { MaxFrames = 1, Start = isSequence ? TimeSpan.Zero : TimeSpan.FromSeconds((middle - 0.5) / shape.FramesPerSecond) };
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            return frame;
        }

        throw new MediaException(Path.GetFileName(path), "has no frame in its middle.");
    }

    private static async IAsyncEnumerable<VideoFrame> Frames(
        MadeClip made, ClipShape shape, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < shape.NumFrames; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return made.Frame(i, shape);
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
