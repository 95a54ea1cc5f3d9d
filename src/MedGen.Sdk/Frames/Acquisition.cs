namespace MedGen.Sdk.Frames;

/// <summary>With what a clip was recorded, as its file says it. Nothing here names a person.</summary>
public sealed record Acquisition
{
    /// <summary>Modality as DICOM has it (0008,0060), for instance <c>US</c> or <c>CT</c>; null: not stated.</summary>
    public string? Modality { get; init; }

    /// <summary>Manufacturer of the device (0008,0070); null: not stated.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>The manufacturer's name of the device's model (0008,1090); null: not stated.</summary>
    public string? Model { get; init; }
}
