using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Pixels;

/// <summary>
/// The pictures of a DICOM file, frame by frame: as shown (RGB of 8 bits), or grey ones as values of the modality (Hounsfield units for CT). One
/// reader at a time.
/// </summary>
public sealed class DicomImage : IDicomPictures
{
    private const int SampledFrames = 8;
    private const int SampledPixels = 1 << 18;
    private const int SoftTissueCenter = 40;
    private const int SoftTissueWidth = 400;

    private readonly DicomFile _file;
    private readonly PixelDescription _stored;
    private readonly IFrameSource _source;
    private readonly GreyScale? _grey;
    private readonly ColourFrames? _colour;
    private ((double Slope, double Intercept, Window? Window) Key, byte[] Levels)? _levels;
    private Window? _default;
    private bool _knowsDefault;

    private DicomImage(DicomFile file, PixelDescription stored, IFrameSource source)
    {
        (_file, _stored, _source) = (file, stored, source);
        _grey = stored.IsGrey ? new GreyScale(file.DataSet, stored) : null;
        _colour = stored.IsGrey ? null : new ColourFrames(file.DataSet, stored);
        Times = FrameTimes.Read(file.DataSet, stored.Frames);
        Spacing = DicomRecording.Spacing(file.DataSet);
        Acquisition = DicomRecording.Device(file.DataSet);
        Notes =
        [
            .. NotesOn(file.DataSet, stored),
            .. source is PictureFrames { IsMislabelled: true }
                ? (string[])[$"{DicomTags.PhotometricInterpretation} is RGB, the pictures are JFIF and so YCbCr; they are shown as such"]
                : [],
        ];
    }

    /// <summary>Width in px.</summary>
    public int Width => _stored.Columns;

    /// <summary>Height in px.</summary>
    public int Height => _stored.Rows;

    /// <summary>Number of frames.</summary>
    public int FrameCount => _stored.Frames;

    /// <summary>Whether it is grey and has values of a modality.</summary>
    public bool IsGrey => _grey is not null;

    /// <summary>(0028,0004) Photometric Interpretation.</summary>
    public string Photometric => _stored.Photometric;

    /// <summary>Bits of a sample.</summary>
    public int BitsStored => _stored.BitsStored;

    /// <summary>When frames are shown; null for a single one.</summary>
    public FrameTimes? Times { get; }

    /// <inheritdoc />
    public ValueScale? Values => _grey?.Values;

    /// <inheritdoc />
    public PixelSpacing? Spacing { get; }

    /// <inheritdoc />
    public Acquisition? Acquisition { get; }

    /// <summary>What the file states that does not change the frames here, in words.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Opens the pictures of a file, which must stay open as long as they are read.</summary>
    /// <param name="file">The file.</param>
    /// <param name="decoding">How compressed pictures are decoded, and up to which size; null: the defaults.</param>
    /// <returns>The pictures.</returns>
    /// <exception cref="MediaException">There are none, or they are of a kind that is not read; the message names tag and value.</exception>
    public static DicomImage Open(DicomFile file, DicomDecoding? decoding = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        decoding ??= new DicomDecoding();
        if (file.DataSet.Find(DicomTags.PixelData) is not { } pixels)
        {
            throw new MediaException(file.Name, $"{file.Name} holds no pictures: {DicomTags.PixelData} is missing.");
        }

        PixelDescription stored = PixelDescription.Read(file.DataSet);
        if ((long)stored.Rows * stored.Columns > decoding.MaxPixels)
        {
            throw new MediaException(
                file.Name, $"{file.Name} has frames of {stored.Columns}x{stored.Rows} px; at most {decoding.MaxPixels} px in all are decoded.");
        }

        PixelCoding coding = file.TransferSyntax.Pixels;
        if (coding is PixelCoding.Film or PixelCoding.Unsupported)
        {
            throw new MediaException(
                file.Name, $"{file.Name}: {DicomTags.TransferSyntaxUid} is {file.TransferSyntax.Uid}"
                    + (coding == PixelCoding.Film ? $" ({file.TransferSyntax.Name}), a film, which has no single frames."
                        : ", whose pixels are not read."));
        }

        bool isEncapsulated = coding != PixelCoding.Native;
        if (pixels.Fragments is null == isEncapsulated || (isEncapsulated && pixels.Fragments!.Count == 0))
        {
            throw new MediaException(
                file.Name, $"{file.Name}: {DicomTags.PixelData} is "
                    + $"{(pixels.Fragments is null ? "one value" : $"{pixels.Fragments.Count} fragments")}; "
                    + $"{file.TransferSyntax.Name} needs {(isEncapsulated ? "fragments" : "one value")}.");
        }

        IFrameSource source = coding switch
        {
            PixelCoding.Rle => new RleFrames(file.DataSet, pixels, stored),
            PixelCoding.Picture => new PictureFrames(file, pixels, stored, decoding),
            _ => new NativeFrames(file.DataSet, pixels, stored),
        };
        return new DicomImage(file, stored, source);
    }

    /// <summary>What is shown, in words: the window of the file, or the default that is taken in its place.</summary>
    /// <returns>Null for coloured pictures.</returns>
    public string? WindowInWords() => _grey is null ? null
        : _grey.StatesWindow ? _grey.WindowFor(0) is { } window
            ? FormattableString.Invariant($"center {window.Center:0.###}, width {window.Width:0.###} ({window.Function}) of the file")
            : "table of the file (VOI LUT Sequence)"
        : IsShownAsStored ? "as stored (8 bits)"
        : _file.DataSet.Text(DicomTags.Modality) == "CT" ? $"center {SoftTissueCenter}, width {SoftTissueWidth} by default (CT, soft tissue)"
        : "1st to 99th percentile by default";

    /// <summary>Decodes a frame as it is shown.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    /// <returns>The frame, with its index and time, which the caller disposes.</returns>
    /// <exception cref="MediaException">It cannot be decoded.</exception>
    /// <exception cref="FailedPreconditionException">The decoder is not installed (<c>GDCM_MISSING</c>).</exception>
    public async Task<VideoFrame> ReadFrameAsync(int index, CancellationToken cancellationToken)
    {
        CheckIndex(index);
        ReadOnlyMemory<byte> stored = await _source.ReadAsync(index, cancellationToken).ConfigureAwait(false);
        VideoFrame frame = VideoFrame.Rent(Width, Height, index, Times?.At(index) ?? TimeSpan.Zero);
        try
        {
            if (_colour is not null)
            {
                _colour.Convert(stored.Span, _source.Description, frame.WritablePixels.Span);
            }
            else
            {
                await ShowAsync(index, stored, frame, cancellationToken).ConfigureAwait(false);
            }

            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    /// <summary>Decodes a grey frame to values of the modality: rescaled, or by the Modality LUT.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    /// <returns><see cref="Height"/> · <see cref="Width"/> values, row-major.</returns>
    /// <exception cref="InvalidOperationException">The pictures are coloured.</exception>
    /// <exception cref="MediaException">It cannot be decoded.</exception>
    public async Task<float[]> ReadValuesAsync(int index, CancellationToken cancellationToken)
    {
        CheckIndex(index);
        if (_grey is null)
        {
            throw new InvalidOperationException("Coloured pictures have no values of a modality.");
        }

        ReadOnlyMemory<byte> stored = await _source.ReadAsync(index, cancellationToken).ConfigureAwait(false);
        float[] byBits = _grey.ModalityValues(index, _source.Description);
        float[] values = new float[Width * Height];
        Bits(stored.Span, (place, bits) => values[place] = byBits[bits]);
        return values;
    }

    /// <inheritdoc />
    public async Task<VideoFrame> ReadGray16Async(int index, CancellationToken cancellationToken)
    {
        CheckIndex(index);
        if (Values is null)
        {
            throw new InvalidOperationException("The pictures have no values of 16 bits.");
        }

        ReadOnlyMemory<byte> stored = await _source.ReadAsync(index, cancellationToken).ConfigureAwait(false);
        ushort[] byBits = _grey!.Gray16(index, _source.Description);
        VideoFrame frame = VideoFrame.RentIn(FrameFormat.Gray16, Width, Height, index, Times?.At(index) ?? TimeSpan.Zero);
        Memory<byte> pixels = frame.WritablePixels;
        Bits(stored.Span, (place, bits) => MemoryMarshal.Cast<byte, ushort>(pixels.Span)[place] = byBits[bits]);
        return frame;
    }

    /// <summary>What the values of a file measure, without its pictures; null: they are coloured.</summary>
    internal static ValueScale? ValuesOf(DicomDataSet set) =>
        PixelDescription.Read(set) is { IsGrey: true } stored ? new GreyScale(set, stored).Values : null;

    /// <inheritdoc />
    public void Dispose() => _source.Dispose();

    private bool IsShownAsStored => _stored is { BitsStored: <= 8, IsSigned: false } && _grey!.KeepsValues;

    private async Task ShowAsync(int index, ReadOnlyMemory<byte> stored, VideoFrame frame, CancellationToken cancellationToken)
    {
        if (!_knowsDefault)
        {
            _default = await DefaultWindowAsync(cancellationToken).ConfigureAwait(false);
            _knowsDefault = true;
        }

        (double, double, Window?) key = _grey!.Key(index, _default);
        byte[] levels = _levels is { } known && known.Key == key ? known.Levels : _grey.Levels(index, _default, _source.Description);
        _levels = (key, levels);
        Memory<byte> pixels = frame.WritablePixels;
        Bits(stored.Span, (place, bits) => pixels.Span.Slice(3 * place, 3).Fill(levels[bits]));
    }

    /// <summary>A frame as it is stored, after decoding, and how.</summary>
    internal async Task<(ReadOnlyMemory<byte> Frame, PixelDescription Description)> ReadStoredAsync(int index, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> frame = await _source.ReadAsync(index, cancellationToken).ConfigureAwait(false);
        return (frame, _source.Description);
    }

    /// <summary>Which index of a palette is darkest; 0 without a palette.</summary>
    internal int DarkestIndex => _colour?.DarkestIndex(_stored.BitsStored) ?? 0;

    internal void UseDefault(Window window) => (_default, _knowsDefault) = (window, true);

    internal async Task<Window?> DefaultWindowAsync(CancellationToken cancellationToken)
    {
        if (_grey!.StatesWindow)
        {
            return null;
        }

        if (IsShownAsStored)
        {
            return Window.Between(0, (1 << _stored.BitsStored) - 1);
        }

        if (_file.DataSet.Text(DicomTags.Modality) == "CT")
        {
            return new Window(SoftTissueCenter, SoftTissueWidth);
        }

        List<float> sample = [];
        int step = (FrameCount + SampledFrames - 1) / SampledFrames;
        for (int index = 0; index < FrameCount; index += step)
        {
            float[] values = await ReadValuesAsync(index, cancellationToken).ConfigureAwait(false);
            int stride = Math.Max(1, values.Length / SampledPixels);
            sample.AddRange(values.Where((_, place) => place % stride == 0));
        }

        sample.Sort();
        return Window.Between(sample[sample.Count / 100], sample[sample.Count - 1 - (sample.Count / 100)]);
    }

    private void Bits(ReadOnlySpan<byte> stored, Action<int, int> take)
    {
        PixelDescription decoded = _source.Description;
        int shift = decoded.HighBit + 1 - decoded.BitsStored;
        int mask = (1 << decoded.BitsStored) - 1;
        bool isWide = decoded.BytesPerSample == 2;
        for (int place = 0; place < Width * Height; place++)
        {
            int raw = isWide ? BinaryPrimitives.ReadUInt16LittleEndian(stored[(2 * place)..]) : stored[place];
            take(place, (raw >> shift) & mask); // bits above the stored ones may hold overlays
        }
    }

    private void CheckIndex(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, FrameCount);
    }

    private static IEnumerable<string> NotesOn(DicomDataSet set, PixelDescription stored)
    {
        if (set.Any(element => element.Tag is { Group: >= 0x6000 and <= 0x60FF, Element: 0x3000 }))
        {
            yield return "overlays (60xx,3000) are not drawn";
        }

        if (set.Texts(DicomTags.PixelAspectRatio) is [{ } high, { } wide] && high != wide)
        {
            yield return $"pixels are not square ({DicomTags.PixelAspectRatio} {high}\\{wide}) and are not stretched";
        }

        if (set.Text(DicomTags.PresentationLutShape) == "INVERSE" && stored.Photometric == "MONOCHROME2")
        {
            yield return $"{DicomTags.PresentationLutShape} is INVERSE with MONOCHROME2, which contradict each other; the latter is shown";
        }

        if (set.Text(DicomTags.SopClassUid) is "1.2.840.10008.5.1.4.1.1.12.1" or "1.2.840.10008.5.1.4.1.1.12.2"
            && set.Contains(DicomTags.ModalityLutSequence))
        {
            yield return $"{DicomTags.ModalityLutSequence} of an X-ray run leads to intensities at the detector and is not shown";
        }

        if (stored.IsGrey && set.Contains(DicomTags.RedLutDescriptor))
        {
            yield return "a supplemental palette is not applied: the picture is shown grey";
        }

        if (stored.BitsStored > 8 && !stored.IsGrey && stored.Samples == 3)
        {
            yield return $"colours of {stored.BitsStored} bits are shown with their highest 8";
        }
    }
}
