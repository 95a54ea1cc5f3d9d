namespace MedGen.Dicom.Deidentification;

/// <summary>Where a device writes into its pictures.</summary>
public sealed record BurnedInRegions
{
    /// <summary>(0008,0070) Manufacturer, compared without regard to case.</summary>
    public required string Manufacturer { get; init; }

    /// <summary>(0008,1090) Manufacturer's Model Name; null: any.</summary>
    public string? Model { get; init; }

    /// <summary>Width of its pictures in px; null: any.</summary>
    public int? Columns { get; init; }

    /// <summary>Height of its pictures in px; null: any.</summary>
    public int? Rows { get; init; }

    /// <summary>[left, top, width, height] in px from the upper left; parts outside of the picture do not matter.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Rectangles { get; init; }
}
