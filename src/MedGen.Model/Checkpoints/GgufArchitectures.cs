namespace MedGen.Model.Checkpoints;

/// <summary>
/// What <c>general.architecture</c> of a GGUF file may say. Some converters write a joke there, or nothing; the weights' names decide then.
/// </summary>
internal static class GgufArchitectures
{
    private static readonly string[] Meaningless = ["pig", "cow"];

    private static readonly Dictionary<string, string> OfParts = new() { ["transformer"] = "wan", ["text encoder"] = "t5encoder" };

    /// <summary>Whether a file may hold a part.</summary>
    /// <param name="architecture">What it states; null: nothing.</param>
    /// <param name="part">The part.</param>
    public static bool Allows(string? architecture, string part) =>
        architecture is null || Meaningless.Contains(architecture) || OfParts.GetValueOrDefault(part) == architecture;
}
