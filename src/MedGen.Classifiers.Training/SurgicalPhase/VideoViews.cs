using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Files;
using MedGen.Classifiers.Frames;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Temporal;
using Microsoft.Win32.SafeHandles;

namespace MedGen.Classifiers.Training.SurgicalPhase;

/// <summary>
/// The views of a video's frames, one a second, in a file: decoding a video takes far longer than reading this, and a data set of views does not fit
/// into memory. Bytes, planes R, G, B of 64 x 64.
/// </summary>
internal sealed class VideoViews : IDisposable
{
    /// <summary>Bytes of a view.</summary>
    public const int ViewBytes = 3 * FrameNetwork.ViewSide * FrameNetwork.ViewSide;

    private readonly SafeFileHandle _file;

    private VideoViews(PhaseVideo video, string path)
    {
        _file = File.OpenHandle(path);
        Video = video;
        Count = (int)Math.Min(video.Phases.Count, RandomAccess.GetLength(_file) / ViewBytes);
    }

    public PhaseVideo Video { get; }

    /// <summary>Views: as many as phases, or one less where the last second of the video has no frame.</summary>
    public int Count { get; }

    public static async Task<VideoViews> OpenAsync(PhaseVideo video, string folder, bool resume, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, $"{video.Name}.views");
        if (!resume || !File.Exists(path))
        {
            await WholeFile.WriteAsync(path, temporary => WriteAsync(video, temporary, cancellationToken)).ConfigureAwait(false);
        }

        var views = new VideoViews(video, path);
        if (views.Count >= video.Phases.Count - 1 && views.Count > 0)
        {
            return views;
        }

        int count = views.Count;
        views.Dispose();
        throw new InvalidInputException("data", $"{video.Name} gives {count} frames at one a second, its labels are about {video.Phases.Count} s.");
    }

    public void Read(int index, Span<byte> view) => RandomAccess.Read(_file, view[..ViewBytes], (long)index * ViewBytes);

    public void Dispose() => _file.Dispose();

    private static async Task WriteAsync(PhaseVideo video, string path, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[ViewBytes];
        float[] view = new float[ViewBytes];
        using FileStream file = File.Create(path);
        await foreach (VideoFrame frame in video.Frames(cancellationToken).ConfigureAwait(false))
        {
            using (frame)
            {
                PhaseRecognizer.View(FramePicture.FromFrame(frame), view);
            }

            for (int i = 0; i < view.Length; i++)
            {
                bytes[i] = (byte)MathF.Round(view[i] * 255);
            }

            file.Write(bytes);
        }
    }
}
