namespace MedGen.Dicom.Pixels;

/// <summary>How values of the modality become 0 to 1 (PS3.3, C.11.2).</summary>
/// <param name="Center">Middle of the range.</param>
/// <param name="Width">Its width, above 0.</param>
/// <param name="Function">LINEAR, LINEAR_EXACT or SIGMOID.</param>
internal readonly record struct Window(double Center, double Width, string Function = Window.Linear)
{
    public const string Linear = "LINEAR";
    public const string LinearExact = "LINEAR_EXACT";
    public const string Sigmoid = "SIGMOID";

    /// <summary>The window from one value to another.</summary>
    public static Window Between(double low, double high) => new((low + high) / 2, Math.Max(high - low, 1e-6), LinearExact);

    public double Map(double value) => Function switch
    {
        Sigmoid => 1 / (1 + Math.Exp(-4 * (value - Center) / Width)),
        LinearExact => Math.Clamp(((value - Center) / Width) + 0.5, 0, 1),
        _ when Width <= 1 => value <= Center - 0.5 ? 0 : 1,
        _ => Math.Clamp(((value - (Center - 0.5)) / (Width - 1)) + 0.5, 0, 1),
    };
}
