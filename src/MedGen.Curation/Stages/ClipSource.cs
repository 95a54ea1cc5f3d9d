using MedGen.Curation.Clips;
using MedGen.Curation.Scanning;
using MedGen.Curation.Videos;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>
/// What a stage may ask of the film that a clip comes from. The frames of one clip are decoded once, whichever stages look at them.
/// </summary>
internal sealed class ClipSource(IVideoReader reader, SourceVideo video, VideoScan scan, string path, string folder) : IDisposable
{
    /// <summary>Frames of a cut clip that stages and captioners look at: the paper's eight.</summary>
    public const int FramesPerClip = 8;

    private readonly List<VideoFrame> _frames = [];
    private string? _framesOf;

    /// <summary>The film.</summary>
    public SourceVideo Video => video;

    /// <summary>Its scan.</summary>
    public VideoScan Scan => scan;

    /// <summary>Full path of the film.</summary>
    public string Path => path;

    /// <summary>The output folder.</summary>
    public string Folder => folder;

    /// <summary>Full path of a cut clip.</summary>
    public string PathOf(CuratedClip clip) =>
        System.IO.Path.Combine(folder, clip.File ?? throw new InvalidOperationException("The clip is not cut yet."));

    /// <summary>Opens a cut clip.</summary>
    public Task<IVideoClip> OpenAsync(CuratedClip clip, CancellationToken cancellationToken) => reader.OpenAsync(PathOf(clip), cancellationToken);

    /// <summary>Frames of a cut clip at full size, from the middles of equal parts; they are this object's.</summary>
    /// <exception cref="MediaException">The clip cannot be decoded, or has no frame.</exception>
    public async Task<IReadOnlyList<VideoFrame>> FramesAsync(CuratedClip clip, CancellationToken cancellationToken)
    {
        if (_framesOf == clip.File)
        {
            return _frames;
        }

        Clear();
        IVideoClip film = await OpenAsync(clip, cancellationToken).ConfigureAwait(false);
        double seconds = film.Info.Duration?.TotalSeconds ?? clip.Seconds;
        FrameSampling sampling = new()
        {
            Start = TimeSpan.FromSeconds(seconds / (2 * FramesPerClip)), FramesPerSecond = Math.Clamp(FramesPerClip / seconds, 1e-4, 240),
            MaxFrames = FramesPerClip,
        };
        await foreach (VideoFrame frame in film.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            _frames.Add(frame);
        }

        _framesOf = clip.File;
        return _frames.Count > 0 ? _frames : throw new MediaException(clip.File!, $"{clip.File} has no frame.");
    }

    /// <inheritdoc />
    public void Dispose() => Clear();

    private void Clear()
    {
        _frames.ForEach(frame => frame.Dispose());
        _frames.Clear();
        _framesOf = null;
    }
}
