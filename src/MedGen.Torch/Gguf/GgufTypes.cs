using static TorchSharp.torch;

namespace MedGen.Torch.Gguf;

/// <summary>Sizes of the types, and the names of those that are not read.</summary>
internal static class GgufTypes
{
    private static readonly Dictionary<uint, string> Names = new()
    {
        [0] = "F32", [1] = "F16", [8] = "Q8_0", [12] = "Q4_K", [13] = "Q5_K", [14] = "Q6_K", [30] = "BF16",
    };

    // ggml.h, ggml_type; the gaps are types that were taken out of ggml.
    private static readonly Dictionary<uint, string> OtherNames = new()
    {
        [2] = "Q4_0", [3] = "Q4_1", [6] = "Q5_0", [7] = "Q5_1", [9] = "Q8_1", [10] = "Q2_K", [11] = "Q3_K", [15] = "Q8_K", [16] = "IQ2_XXS",
        [17] = "IQ2_XS", [18] = "IQ3_XXS", [19] = "IQ1_S", [20] = "IQ4_NL", [21] = "IQ3_S", [22] = "IQ2_S", [23] = "IQ4_XS", [24] = "I8",
        [25] = "I16", [26] = "I32", [27] = "I64", [28] = "F64", [29] = "IQ1_M", [34] = "TQ1_0", [35] = "TQ2_0", [39] = "MXFP4",
    };

    /// <summary>Names of the types that are read.</summary>
    public static string AllNames { get; } = string.Join(", ", Names.Values);

    /// <summary>Name of any type by its number.</summary>
    public static string NameOf(uint number) =>
        Names.TryGetValue(number, out string? name) ? name : OtherNames.GetValueOrDefault(number, $"number {number}");

    /// <summary>Name of a type in ggml, for instance <c>Q4_K</c>.</summary>
    public static string GgmlName(this GgufType type) => NameOf((uint)type);

    /// <summary>Values in a block; 1 for plain numbers.</summary>
    public static int BlockValues(this GgufType type) => type switch
    {
        GgufType.F32 or GgufType.F16 or GgufType.BF16 => 1,
        GgufType.Q8 => 32,
        _ => 256,
    };

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes(this GgufType type) => type switch
    {
        GgufType.F32 => 4,
        GgufType.F16 or GgufType.BF16 => 2,
        GgufType.Q8 => 34,
        GgufType.Q4K => 144,
        GgufType.Q5K => 176,
        GgufType.Q6K => 210,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type that is read."),
    };

    /// <summary>Which 16-bit floats of a block, by their index among its pairs of bytes, scale it: the first and how many.</summary>
    public static (int First, int Count) Scales(this GgufType type) => type switch
    {
        GgufType.Q8 => (0, 1),
        GgufType.Q4K or GgufType.Q5K => (0, 2),
        GgufType.Q6K => (104, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Has no blocks."),
    };

    /// <summary>torch's type of plain numbers; null: blocks.</summary>
    public static ScalarType? NumberType(this GgufType type) => type switch
    {
        GgufType.F32 => ScalarType.Float32,
        GgufType.F16 => ScalarType.Float16,
        GgufType.BF16 => ScalarType.BFloat16,
        _ => null,
    };
}
