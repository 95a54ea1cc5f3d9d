using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Reading;

/// <summary>A clip whose frames are the film in a DICOM file.</summary>
internal sealed class DicomFilmClip(string path, VideoInfo info, Func<string, CancellationToken, Task<FFmpegVideoClip>> open) : IVideoClip
{
    public VideoInfo Info => info;

    public bool IsLive => false;

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
        FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using DicomFilm film = await DicomFilm.ExtractAsync(path, cancellationToken).ConfigureAwait(false);
        FFmpegVideoClip clip = await open(film.Path, cancellationToken).ConfigureAwait(false);
        await foreach (VideoFrame frame in clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            yield return frame;
        }
    }
}
