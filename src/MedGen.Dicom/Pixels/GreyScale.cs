using MedGen.Dicom.DataSets;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Pixels;

/// <summary>
/// From stored grey values to those of the modality (rescale or table) and to what is shown (window or table), for each frame: by its functional
/// groups (PS3.3, C.7.6.16), by those of all frames, or by the top of the data set.
/// </summary>
internal sealed class GreyScale
{
    private readonly DicomDataSet _set;
    private readonly PixelDescription _description;
    private readonly IReadOnlyList<DicomDataSet> _shared;
    private readonly IReadOnlyList<DicomDataSet> _ofFrames;
    private readonly LookupTable? _modality;
    private readonly LookupTable? _voi;

    public GreyScale(DicomDataSet set, PixelDescription description)
    {
        (_set, _description) = (set, description);
        _shared = set.Items(DicomTags.SharedFunctionalGroupsSequence);
        _ofFrames = set.Items(DicomTags.PerFrameFunctionalGroupsSequence);
        if (_ofFrames.Count > 0 && _ofFrames.Count != description.Frames)
        {
            throw new MediaException(
                set.Name, $"{set.Name}: {DicomTags.PerFrameFunctionalGroupsSequence} has {_ofFrames.Count} items for {description.Frames} frames.");
        }


        // The table of X-ray runs leads to intensities at the detector, not to what is shown (PS3.3, C.8.7.1.1.1).
        bool isXRay = set.Text(DicomTags.SopClassUid) is "1.2.840.10008.5.1.4.1.1.12.1" or "1.2.840.10008.5.1.4.1.1.12.2";
        _modality = !isXRay && set.Items(DicomTags.ModalityLutSequence) is [{ } table, ..] ? LookupTable.Read(table, description.IsSigned) : null;
        bool signed = _modality is null && (description.IsSigned || Rescale(0) is { Intercept: < 0 });
        _voi = set.Items(DicomTags.VoiLutSequence) is [{ } voi, ..] && WindowOf(set) is null ? LookupTable.Read(voi, signed) : null;
        CheckFrames();
        Values = ScaleOf();
    }

    /// <summary>
    /// What values of 16 bits measure: those that are stored where all frames have one rescale (signed ones from 32,768 on), the entries of a
    /// modality's table, else the range of all frames in 65,535 steps. Null: a rescale has the slope 0.
    /// </summary>
    public ValueScale? Values { get; }

    /// <summary>Whether values are those that are stored.</summary>
    public bool KeepsValues => _modality is null && Rescale(0) is { Slope: 1, Intercept: 0 };

    /// <summary>Whether the file says how its values are shown.</summary>
    public bool StatesWindow => _voi is not null || WindowFor(0) is not null;

    /// <summary>The window that the file states for a frame; null: none, or a table in its place.</summary>
    public Window? WindowFor(int frame) =>
        _voi is not null ? null : Group(frame, DicomTags.FrameVoiLutSequence) is { } group && WindowOf(group) is { } own ? own : WindowOf(_set);

    /// <summary>What decides over a frame's values; frames with the same share their tables.</summary>
    public (double Slope, double Intercept, Window? Window) Key(int frame, Window? otherwise)
    {
        (double slope, double intercept) = Rescale(frame);
        return (slope, intercept, _voi is null ? WindowFor(frame) ?? otherwise : null);
    }

    /// <summary>Values of the modality by stored bits, from 0 to 2^BitsStored - 1, as the decoder gave them: lossy pictures can have more than
    /// stated.</summary>
    public float[] ModalityValues(int frame, PixelDescription decoded)
    {
        (double slope, double intercept) = Rescale(frame);
        float[] values = new float[1 << decoded.BitsStored];
        for (int bits = 0; bits < values.Length; bits++)
        {
            int stored = decoded.IsSigned && bits >= values.Length / 2 ? bits - values.Length : bits;
            values[bits] = _modality is null ? (float)((slope * stored) + intercept) : _modality[stored];
        }

        return values;
    }

    /// <summary>What is shown by stored bits: 0 black to 255 white, MONOCHROME1 turned round.</summary>
    public byte[] Levels(int frame, Window? otherwise, PixelDescription decoded)
    {
        Window? window = Key(frame, otherwise).Window;
        float[] values = ModalityValues(frame, decoded);
        byte[] levels = new byte[values.Length];
        double scale = _voi is null ? 0 : 255.0 / ((1 << _voi.Bits) - 1);
        for (int bits = 0; bits < levels.Length; bits++)
        {
            double level = _voi is not null ? _voi[values[bits]] * scale
                : window is { } stated ? 255 * stated.Map(values[bits])
                : values[bits];
            byte shown = (byte)Math.Clamp(Math.Round(level), 0, 255);
            levels[bits] = _description.Photometric == "MONOCHROME1" ? (byte)(255 - shown) : shown;
        }

        return levels;
    }

    /// <summary>Values of 16 bits by stored bits; see <see cref="Values"/>.</summary>
    public ushort[] Gray16(int frame, PixelDescription decoded)
    {
        float[] values = ModalityValues(frame, decoded);
        return Array.ConvertAll(values, value => (ushort)Math.Clamp(Math.Round((value - Values!.Intercept) / Values.Slope), 0, ushort.MaxValue));
    }

    private ValueScale? ScaleOf()
    {
        string? unit = DicomRecording.Unit(_set);
        if (_modality is not null)
        {
            return new ValueScale { Slope = 1, Intercept = 0, Unit = unit, Minimum = 0, Maximum = (1 << _modality.Bits) - 1 };
        }

        int frames = _ofFrames.Count > 0 ? _description.Frames : 1;
        (double Slope, double Intercept)[] scales = [.. Enumerable.Range(0, frames).Select(Rescale).Distinct()];
        int first = _description.IsSigned ? -(1 << (_description.BitsStored - 1)) : 0;
        int last = first + (1 << _description.BitsStored) - 1;
        double[] ends = [.. scales.SelectMany(scale => new[] { first, last }.Select(stored => (scale.Slope * stored) + scale.Intercept))];
        if (scales.Any(scale => scale.Slope == 0))
        {
            return null;
        }

        (double least, double most) = (ends.Min(), ends.Max());
        ValueScale range = new() { Slope = (most - least) / ushort.MaxValue, Intercept = least, Unit = unit, Minimum = least, Maximum = most };
        return scales is not [var (slope, intercept)] ? range
            : range with { Slope = slope, Intercept = intercept + (_description.IsSigned ? slope * short.MinValue : 0) };
    }

    private (double Slope, double Intercept) Rescale(int frame)
    {
        DicomDataSet from = Group(frame, DicomTags.PixelValueTransformationSequence) ?? _set;
        return (from.Decimal(DicomTags.RescaleSlope) ?? 1, from.Decimal(DicomTags.RescaleIntercept) ?? 0);
    }

    private DicomDataSet? Group(int frame, DicomTag sequence) =>
        (_ofFrames.Count > 0 && _ofFrames[frame].Items(sequence) is [{ } own, ..] ? own : null)
        ?? (_shared is [{ } shared, ..] && shared.Items(sequence) is [{ } all, ..] ? all : null);

    // A width of 0 shows nothing; such a window is left out as if it were not there.
    private static Window? WindowOf(DicomDataSet set)
    {
        if (set.Decimal(DicomTags.WindowCenter) is not { } center || set.Decimal(DicomTags.WindowWidth) is not (> 0 and { } width))
        {
            return null;
        }

        string function = set.Text(DicomTags.VoiLutFunction);
        return function is "" or Window.Linear or Window.LinearExact or Window.Sigmoid
            ? new Window(center, width, function.Length == 0 ? Window.Linear : function)
            : throw new MediaException(set.Name,
                $"{set.Name}: {DicomTags.VoiLutFunction} is '{function}'; LINEAR, LINEAR_EXACT and SIGMOID are known.");
    }

    // Read once, so that a file with a broken number is refused when it is opened.
    private void CheckFrames()
    {
        for (int frame = 0; frame < (_ofFrames.Count > 0 ? _description.Frames : 1); frame++)
        {
            _ = Rescale(frame);
            _ = WindowFor(frame);
        }
    }
}
