using System.Runtime.CompilerServices;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Media.Images;
using MedGen.Media.Reading.Nifti;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Reading;

/// <summary>A clip whose frames are pictures of a DICOM file, slices of a folder, or slices of a NIfTI file. Only frames that are wanted are
/// decoded.</summary>
internal sealed class DicomVideoClip : IIndexedClip
{
    // A stored frame, its RGB, one scaled frame in floating point, and the decoder's own.
    private const int BytesPerPixel = 24;

    private readonly Source _source;
    private readonly MediaOptions _options;
    private readonly DecodeBudget _budget;

    private DicomVideoClip(Source source, VideoInfo info, MediaOptions options, DecodeBudget budget) =>
        (_source, Info, _options, _budget) = (source, info, options, budget);

    public VideoInfo Info { get; }

    public bool IsLive => false;

    public static Task<DicomVideoClip> OpenAsync(string path, MediaOptions options, DecodeBudget budget, CancellationToken cancellationToken) =>
        OpenAsync(new Source(Path.GetFileName(path), [path], IsSeries: Directory.Exists(path)), options, budget, cancellationToken);

    public static Task<DicomVideoClip> OpenSlicesAsync(
        string name, IReadOnlyList<string> paths, MediaOptions options, DecodeBudget budget, CancellationToken cancellationToken) =>
        OpenAsync(new Source(name, paths, IsSeries: true), options, budget, cancellationToken);

    private static async Task<DicomVideoClip> OpenAsync(
        Source source, MediaOptions options, DecodeBudget budget, CancellationToken cancellationToken)
    {
        using Opened opened = await Opened.CreateAsync(source, options, cancellationToken).ConfigureAwait(false);
        IDicomPictures pictures = opened.Pictures;
        VideoInfo info = new()
        {
            Width = pictures.Width,
            Height = pictures.Height,
            FrameRate = pictures.Times?.Rate,
            Duration = pictures.Times is null ? null : End(pictures),
            FrameCount = pictures.FrameCount,
            IsVariableFrameRate = pictures.Times?.IsVariable ?? false,
            BitDepth = pictures.BitsStored,
            Formats = pictures.Values is null ? [FrameFormat.Rgb24] : [FrameFormat.Rgb24, FrameFormat.Gray16],
            Values = pictures.Values,
            Spacing = pictures.Spacing,
            Acquisition = pictures.Acquisition,
            FrameTimes = pictures.Times is { IsVariable: true } times ? [.. Enumerable.Range(0, pictures.FrameCount).Select(times.At)] : [],
            PixelFormat = pictures.Photometric,
            Codec = opened.Codec,
            Container = opened.Container,
        };
        return new DicomVideoClip(source, info, options, budget);
    }

    public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        SamplingRules.Check(sampling, Info, _options);
        return DecodeAsync(sampling, cancellationToken);
    }

    public async Task<VideoFrame> ReadFrameAsync(int index, CancellationToken cancellationToken)
    {
        using IDisposable share = await _budget.TakeAsync(_source.Name, BytesPerPixel * (long)Info.Width * Info.Height, cancellationToken)
            .ConfigureAwait(false);
        using Opened opened = await Opened.CreateAsync(_source, _options, cancellationToken).ConfigureAwait(false);
        MediaDiagnostics.DecodedFrames.Add(1);
        return await opened.Pictures.ReadFrameAsync(index, cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<VideoFrame> DecodeAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long bytes = BytesPerPixel * (((long)Info.Width * Info.Height) + ((long)(sampling.Width ?? 0) * (sampling.Height ?? 0)));
        using IDisposable share = await _budget.TakeAsync(_source.Name, bytes, cancellationToken).ConfigureAwait(false);
        using Opened opened = await Opened.CreateAsync(_source, _options, cancellationToken).ConfigureAwait(false);
        foreach (int index in Wanted(opened.Pictures, sampling))
        {
            cancellationToken.ThrowIfCancellationRequested();
            VideoFrame frame = sampling.Format == FrameFormat.Gray16
                ? await opened.Pictures.ReadGray16Async(index, cancellationToken).ConfigureAwait(false)
                : await opened.Pictures.ReadFrameAsync(index, cancellationToken).ConfigureAwait(false);
            MediaDiagnostics.DecodedFrames.Add(1);
            if (sampling is { Width: { } width, Height: { } height } && (width != frame.Width || height != frame.Height))
            {
                using VideoFrame whole = frame;
                frame = FrameScaler.Scale(whole, width, height);
            }

            yield return frame;
        }
    }

    // Grid point k is at Start + k / rate and takes the latest frame shown by then; without a rate, frames before Start are left out.
    private static IEnumerable<int> Wanted(IDicomPictures pictures, FrameSampling sampling)
    {
        if (pictures.Times is not { } times)
        {
            return [0];
        }

        IEnumerable<int> indices = sampling.FramesPerSecond is { } rate
            ? OnGrid(times, pictures, sampling.Start, rate)
            : Enumerable.Range(0, pictures.FrameCount).SkipWhile(index => times.At(index) < sampling.Start);
        return sampling.MaxFrames is { } most ? indices.Take(most) : indices;
    }

    private static IEnumerable<int> OnGrid(FrameTimes times, IDicomPictures pictures, TimeSpan start, double rate)
    {
        TimeSpan end = End(pictures);
        int shown = 0;
        for (long point = 0; start + TimeSpan.FromSeconds(point / rate) is var at && at < end; point++)
        {
            while (shown + 1 < pictures.FrameCount && times.At(shown + 1) <= at)
            {
                shown++;
            }

            yield return shown;
        }
    }

    // The last frame is shown as long as the others are on average.
    private static TimeSpan End(IDicomPictures pictures) =>
        pictures.Times!.At(pictures.FrameCount - 1) + TimeSpan.FromSeconds(1 / pictures.Times.Rate);

    // A file; a folder of slices, or their files.
    private sealed record Source(string Name, IReadOnlyList<string> Paths, bool IsSeries);

    private sealed class Opened : IDisposable
    {
        private readonly DicomFile? _file;

        private Opened(DicomFile? file, IDicomPictures pictures) => (_file, Pictures) = (file, pictures);

        public IDicomPictures Pictures { get; }

        public string Codec => Pictures is NiftiPictures { Header: var header }
            ? $"NIfTI-1, axes {header.Orientation ?? "not stated"}"
            : _file?.TransferSyntax.Name ?? "DICOM slices";

        public string Container => Pictures is NiftiPictures ? "nifti" : "dicom";

        public static async Task<Opened> CreateAsync(Source source, MediaOptions options, CancellationToken cancellationToken)
        {
            DicomDecoding decoding = new()
            {
                Sandbox = options.Sandbox,
                ProcessMemoryMiB = options.ProcessMemoryMiB,
                ProcessCpuSeconds = options.ProcessCpuSeconds,
                MaxPixels = options.MaxPixels,
                ChunkMiB = options.ReadAheadMiB,
            };
            string path = source.Paths[0];
            if (source.IsSeries)
            {
                return new Opened(null, Directory.Exists(path)
                    ? await DicomSeries.OpenAsync(path, decoding, cancellationToken).ConfigureAwait(false)
                    : DicomSeries.Open(source.Name, source.Paths, decoding, cancellationToken));
            }

            if (await NiftiPictures.IsOneAsync(path, cancellationToken).ConfigureAwait(false))
            {
                return new Opened(null, await NiftiPictures.OpenAsync(path, options, cancellationToken).ConfigureAwait(false));
            }

            DicomFile file = DicomFile.Open(path);
            try
            {
                return new Opened(file, DicomImage.Open(file, decoding));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            Pictures.Dispose();
            _file?.Dispose();
        }
    }
}
