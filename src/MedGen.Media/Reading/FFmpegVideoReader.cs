using MedGen.Dicom.DataSets;
using MedGen.Media.Reading.Nifti;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Media.Reading;

internal sealed class FFmpegVideoReader(IOptions<MediaOptions> options, TimeProvider time, ILogger<FFmpegVideoReader>? logger = null) : IVideoReader
{
    private readonly ILogger _logger = logger ?? NullLogger<FFmpegVideoReader>.Instance;
    private readonly DecodeBudget _budget = new(options.Value.DecodeMemory(), options.Value.StallTimeout, time);

    public async Task<IVideoClip> OpenAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);

        // ffmpeg has no demuxer of DICOM, but finds the JPEG pictures in some files and would give them without their times and windows.
        if (Directory.Exists(full) || (File.Exists(full) && await DicomFile.IsDicomAsync(full, cancellationToken).ConfigureAwait(false)))
        {
            return await OpenDicomAsync(full, cancellationToken).ConfigureAwait(false);
        }

        return File.Exists(full) && await NiftiPictures.IsOneAsync(full, cancellationToken).ConfigureAwait(false)
            ? await DicomVideoClip.OpenAsync(full, options.Value, _budget, cancellationToken).ConfigureAwait(false)
            : await OpenFilmAsync(full, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IVideoClip> OpenKeyframesAsync(string path, CancellationToken cancellationToken) =>
        await OpenAsync(path, cancellationToken).ConfigureAwait(false) is var clip && clip is FFmpegVideoClip film ? film.OfKeyframes() : clip;

    public async Task<IVideoClip> OpenSlicesAsync(string name, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(paths);
        try
        {
            return await DicomVideoClip.OpenSlicesAsync(name, [.. paths.Select(Path.GetFullPath)], options.Value, _budget, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new MediaException(name, $"{name} cannot be read: {error.GetType().Name}.", error);
        }
    }

    private async Task<FFmpegVideoClip> OpenFilmAsync(string path, CancellationToken cancellationToken)
    {
        VideoProbe probe = new(options.Value, time, _logger);
        SourceStream source = await probe.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        return new FFmpegVideoClip(source, options.Value, _budget, time, _logger);
    }

    private async Task<IVideoClip> OpenDicomAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (DicomFilm.IsOne(path))
            {
                using DicomFilm film = await DicomFilm.ExtractAsync(path, cancellationToken).ConfigureAwait(false);
                FFmpegVideoClip clip = await OpenFilmAsync(film.Path, cancellationToken).ConfigureAwait(false);
                film.CheckSize(clip.Info);
                VideoInfo info = clip.Info with { Spacing = film.Spacing, Acquisition = film.Acquisition };
                return new DicomFilmClip(path, info, OpenFilmAsync);
            }

            return await DicomVideoClip.OpenAsync(path, options.Value, _budget, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new MediaException(Path.GetFileName(path), $"{Path.GetFileName(path)} cannot be read: {error.GetType().Name}.", error);
        }
    }
}
