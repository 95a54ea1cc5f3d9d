using MedGen.Dicom.DataSets;
using MedGen.Dicom.Pixels;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Dicom;

/// <summary>What a DICOM file is, and what of it is read. Nothing in it tells who the patient is, unless that is asked for.</summary>
internal sealed record DicomSummary
{
    private static readonly DicomTag[] Identifying =
    [
        new(0x0010_0010), new(0x0010_0020), new(0x0010_0030), new(0x0010_0040), new(0x0008_0020), new(0x0008_0050), new(0x0008_0080),
            new(0x0008_0090),
        new(0x0020_000D), new(0x0020_000E), new(0x0008_0018),
    ];

    public required string File { get; init; }

    public string Modality { get; init; } = "";

    public string SopClass { get; init; } = "";

    public string Manufacturer { get; init; } = "";

    public string TransferSyntax { get; init; } = "";

    public int? Frames { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public string? Photometric { get; init; }

    public int? Bits { get; init; }

    public double? FramesPerSecond { get; init; }

    /// <summary>The element that the rate is from; <c>default</c>: none states one.</summary>
    public string? RateFrom { get; init; }

    public string? Window { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why its pictures are not read; null: they are.</summary>
    public string? Refused { get; init; }

    /// <summary>Who the patient is; null: that was not asked for.</summary>
    public IReadOnlyDictionary<string, string>? Identifiers { get; init; }

    public static DicomSummary Of(string path, bool withIdentifiers)
    {
        DicomSummary summary = new() { File = path };
        try
        {
            using DicomFile file = DicomFile.Open(path);
            DicomDataSet set = file.DataSet;
            summary = summary with
            {
                Modality = set.Text(new(0x0008_0060)),
                SopClass = set.Text(new(0x0008_0016)),
                Manufacturer = $"{set.Text(new(0x0008_0070))} {set.Text(new(0x0008_1090))}".Trim(),
                TransferSyntax = file.TransferSyntax.Name,
                Frames = set.Whole(new(0x0028_0008)),
                Width = set.Whole(new(0x0028_0011)),
                Height = set.Whole(new(0x0028_0010)),
                Identifiers = withIdentifiers
                    ? Identifying.Where(tag => set.Text(tag).Length > 0).ToDictionary(tag => StandardElements.NameOf(tag)!, set.Text)
                    : null,
            };
            if (file.TransferSyntax.Pixels == PixelCoding.Film)
            {
                return summary;
            }

            using DicomImage image = DicomImage.Open(file);
            return summary with
            {
                Frames = image.FrameCount,
                Photometric = image.Photometric,
                Bits = image.BitsStored,
                FramesPerSecond = image.Times is { } times ? Math.Round(times.Rate, 3) : null,
                RateFrom = image.Times?.Source,
                Window = image.WindowInWords(),
                Notes = image.Notes,
            };
        }
        catch (MediaException refused)
        {
            return summary with { Refused = refused.Message };
        }
    }

    public override string ToString()
    {
        string size = Width is null ? "no pictures"
            : $"{Width}x{Height} px, {Frames ?? 1} frames, {Photometric ?? "film"}{(Bits is null ? "" : $" {Bits} bits")}";
        string rate = FramesPerSecond is null ? "" : $"; {FramesPerSecond:0.##} frames/s ({RateFrom})";
        IEnumerable<string> lines =
        [
            $"{File}: {(Modality.Length == 0 ? "no modality" : Modality)}, {TransferSyntax}; {size}{rate}",
            .. Window is null ? (string[])[] : [$"  window: {Window}"],
            .. Notes.Select(note => $"  note: {note}"),
            .. Refused is null ? (string[])[] : [$"  not read: {Refused}"],
            .. (Identifiers ?? new Dictionary<string, string>()).Select(one => $"  {one.Key}: {one.Value}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
