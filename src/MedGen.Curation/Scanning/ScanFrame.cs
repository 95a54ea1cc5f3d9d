namespace MedGen.Curation.Scanning;

/// <summary>What one frame of the scan says.</summary>
/// <param name="Time">Presentation time in s.</param>
/// <param name="Content">Mean change of hue, saturation and value since the frame before, in steps of 255; 0 for the first.</param>
/// <param name="Luma">Mean brightness, 0 to 255.</param>
/// <param name="Hash">Perceptual hash; 0: nothing is to be seen.</param>
/// <param name="Borders">Black lines at the sides.</param>
/// <param name="Shift">Of the picture as a whole since the frame before; null: it has none that can be told.</param>
internal sealed record ScanFrame(double Time, double Content, double Luma, ulong Hash, BlackBorders Borders, CameraShift? Shift = null);
