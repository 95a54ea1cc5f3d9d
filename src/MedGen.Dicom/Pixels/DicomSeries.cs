using System.Runtime.InteropServices;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Pixels;

/// <summary>
/// Single slices as one clip: along the normal of their planes by (0020,0032) Image Position, else by (0020,0013) Instance Number. All
/// of one series and one size. Slices without a window are shown with that of the middle one.
/// </summary>
public sealed class DicomSeries : IDicomPictures
{
    private const int MostSlices = 10_000;

    private static readonly DicomTag SeriesInstanceUid = new(0x0020_000E);
    private static readonly DicomTag InstanceNumber = new(0x0020_0013);
    private static readonly DicomTag ImagePosition = new(0x0020_0032);
    private static readonly DicomTag ImageOrientation = new(0x0020_0037);

    private readonly IReadOnlyList<string> _paths;
    private readonly DicomDecoding _decoding;
    private Window? _default;
    private bool _knowsDefault;

    private DicomSeries(IReadOnlyList<string> paths, DicomImage first, ValueScale? values, DicomDecoding decoding)
    {
        (_paths, Values, _decoding) = (paths, values, decoding);
        (Spacing, Acquisition) = (first.Spacing, first.Acquisition);
        (Width, Height, BitsStored, Photometric) = (first.Width, first.Height, first.BitsStored, first.Photometric);
        Times = FrameTimes.Steady(paths.Count);
    }

    /// <inheritdoc />
    public int Width { get; }

    /// <inheritdoc />
    public int Height { get; }

    /// <inheritdoc />
    public int FrameCount => _paths.Count;

    /// <inheritdoc />
    public int BitsStored { get; }

    /// <inheritdoc />
    public string Photometric { get; }

    /// <inheritdoc />
    public FrameTimes? Times { get; }

    /// <summary>That of all slices where they have one, else the range of all in 65,535 steps; null: a slice is coloured, or units differ.</summary>
    public ValueScale? Values { get; }

    /// <inheritdoc />
    public PixelSpacing? Spacing { get; }

    /// <inheritdoc />
    public Acquisition? Acquisition { get; }

    /// <summary>Looks at the files of a folder, not at those of folders in it.</summary>
    /// <param name="folder">The folder; files in it that are no DICOM are passed over.</param>
    /// <param name="decoding">How compressed pictures are decoded, and up to which size; null: the defaults.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The slices.</returns>
    /// <exception cref="MediaException">There is no slice, or they are of several series, sizes or frames.</exception>
    public static async Task<DicomSeries> OpenAsync(string folder, DicomDecoding? decoding, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        List<string> paths = [];
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (await DicomFile.IsDicomAsync(path, cancellationToken).ConfigureAwait(false))
            {
                paths.Add(path);
            }
        }

        return paths.Count > 0 ? Open(name, paths, decoding, cancellationToken)
            : throw new MediaException(name, $"{name} is a folder without a DICOM file.");
    }

    /// <summary>Looks at files wherever they lie.</summary>
    /// <param name="name">What the slices together are called in errors.</param>
    /// <param name="files">The slices, 1 to 10,000; their order does not matter.</param>
    /// <param name="decoding">How compressed pictures are decoded, and up to which size; null: the defaults.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <returns>The slices.</returns>
    /// <exception cref="MediaException">One is no DICOM file, or they are of several series, sizes or frames.</exception>
    public static DicomSeries Open(string name, IReadOnlyList<string> files, DicomDecoding? decoding, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count);
        decoding ??= new DicomDecoding();
        List<Slice> slices = [];
        foreach (string path in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            slices.Add(Look(path));
        }

        Slice first = slices[0];
        if (slices.Count > MostSlices || slices.Any(slice => slice.Series != first.Series))
        {
            throw new MediaException(
                name, $"{name} holds {slices.Count} files of {slices.Select(slice => slice.Series).Distinct().Count()} series "
                    + $"({SeriesInstanceUid}); one series of {MostSlices} at most is a clip.");
        }

        if (slices.FirstOrDefault(slice => slice.Size != first.Size || slice.Frames != 1) is { } other)
        {
            throw new MediaException(
                name, $"{name}: '{Path.GetFileName(other.Path)}' has {other.Frames} frames of {other.Size} px, the first file one of "
                    + $"{first.Size} px; slices of one frame and one size are a clip.");
        }

        bool hasGeometry = slices.All(slice => slice.Place is not null);
        string[] paths = [.. slices.OrderBy(slice => hasGeometry ? slice.Place!.Value : slice.Number).Select(slice => slice.Path)];
        using DicomFile file = DicomFile.Open(paths[0]);
        using DicomImage image = DicomImage.Open(file, decoding);
        return new DicomSeries(paths, image, Common([.. slices.Select(slice => slice.Values)]), decoding);
    }

    /// <inheritdoc />
    public async Task<VideoFrame> ReadFrameAsync(int index, CancellationToken cancellationToken)
    {
        if (!_knowsDefault)
        {
            using DicomFile middle = DicomFile.Open(_paths[_paths.Count / 2]);
            using DicomImage picture = DicomImage.Open(middle, _decoding);
            _default = picture.IsGrey ? await picture.DefaultWindowAsync(cancellationToken).ConfigureAwait(false) : null;
            _knowsDefault = true;
        }

        using DicomFile file = DicomFile.Open(_paths[index]);
        using DicomImage image = DicomImage.Open(file, _decoding);
        if (_default is { } window)
        {
            image.UseDefault(window);
        }

        using VideoFrame frame = await image.ReadFrameAsync(0, cancellationToken).ConfigureAwait(false);
        return Placed(frame, index);
    }

    /// <inheritdoc />
    public async Task<VideoFrame> ReadGray16Async(int index, CancellationToken cancellationToken)
    {
        if (Values is not { } values)
        {
            throw new InvalidOperationException("The slices have no values of 16 bits in common.");
        }

        using DicomFile file = DicomFile.Open(_paths[index]);
        using DicomImage image = DicomImage.Open(file, _decoding);
        using VideoFrame frame = await image.ReadGray16Async(0, cancellationToken).ConfigureAwait(false);
        VideoFrame placed = Placed(frame, index);
        if (image.Values is { } own && own != values)
        {
            foreach (ref ushort value in MemoryMarshal.Cast<byte, ushort>(placed.WritablePixels.Span))
            {
                value = (ushort)Math.Clamp(Math.Round((own.Of(value) - values.Intercept) / values.Slope), 0, ushort.MaxValue);
            }
        }

        return placed;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Each slice is open only while it is read.
    }

    private VideoFrame Placed(VideoFrame frame, int index)
    {
        VideoFrame placed = VideoFrame.RentIn(frame.Format, Width, Height, index, Times?.At(index) ?? TimeSpan.Zero);
        frame.Pixels.CopyTo(placed.WritablePixels);
        return placed;
    }

    private static ValueScale? Common(IReadOnlyList<ValueScale?> scales)
    {
        if (scales.Distinct().Count() == 1 || scales.Any(scale => scale is null || scale.Unit != scales[0]!.Unit))
        {
            return scales.Distinct().Count() == 1 ? scales[0] : null;
        }

        (double low, double high) = (scales.Min(scale => scale!.Minimum), scales.Max(scale => scale!.Maximum));
        return new ValueScale { Slope = (high - low) / ushort.MaxValue, Intercept = low, Unit = scales[0]!.Unit, Minimum = low, Maximum = high };
    }

    private static Slice Look(string path)
    {
        using DicomFile file = DicomFile.Open(path);
        DicomDataSet set = file.DataSet;
        IReadOnlyList<double> position = set.Decimals(ImagePosition);
        IReadOnlyList<double> axes = set.Decimals(ImageOrientation);
        return new Slice(
            path, set.Text(SeriesInstanceUid), $"{set.Whole(DicomTags.Columns)}x{set.Whole(DicomTags.Rows)}",
            set.Whole(DicomTags.NumberOfFrames) ?? 1, position.Count == 3 && axes.Count == 6 ? Along(axes, position) : null,
            set.Whole(InstanceNumber) ?? 0, set.Contains(DicomTags.PixelData) ? DicomImage.ValuesOf(set) : null);
    }

    // Position along the normal of the plane: row axis x column axis.
    private static double Along(IReadOnlyList<double> axes, IReadOnlyList<double> position) =>
        (((axes[1] * axes[5]) - (axes[2] * axes[4])) * position[0])
        + (((axes[2] * axes[3]) - (axes[0] * axes[5])) * position[1])
        + (((axes[0] * axes[4]) - (axes[1] * axes[3])) * position[2]);

    private sealed record Slice(string Path, string Series, string Size, int Frames, double? Place, int Number, ValueScale? Values);
}
