using MedGen.Torch.Operations;
using static TorchSharp.torch;

namespace MedGen.Torch.Safetensors;

/// <summary>Names, sizes and torch types of the number types.</summary>
internal static class SafetensorsDataTypes
{
    private static readonly (SafetensorsDataType Type, string Name, int Size, ScalarType Scalar)[] Table =
    [
        (SafetensorsDataType.F64, "F64", 8, ScalarType.Float64),
        (SafetensorsDataType.F32, "F32", 4, ScalarType.Float32),
        (SafetensorsDataType.F16, "F16", 2, ScalarType.Float16),
        (SafetensorsDataType.BF16, "BF16", 2, ScalarType.BFloat16),
        (SafetensorsDataType.F8E4M3, "F8_E4M3", 1, Float8Types.E4M3),
        (SafetensorsDataType.F8E5M2, "F8_E5M2", 1, Float8Types.E5M2),
        (SafetensorsDataType.I64, "I64", 8, ScalarType.Int64),
        (SafetensorsDataType.I32, "I32", 4, ScalarType.Int32),
        (SafetensorsDataType.I16, "I16", 2, ScalarType.Int16),
        (SafetensorsDataType.I8, "I8", 1, ScalarType.Int8),
        (SafetensorsDataType.U8, "U8", 1, ScalarType.Byte),
        (SafetensorsDataType.Bool, "BOOL", 1, ScalarType.Bool),
    ];

    public static string AllNames { get; } = string.Join(", ", Table.Select(row => row.Name));

    public static bool TryParse(string name, out SafetensorsDataType type)
    {
        foreach (var row in Table)
        {
            if (row.Name == name)
            {
                type = row.Type;
                return true;
            }
        }
        type = default;
        return false;
    }

    public static bool TryFrom(ScalarType scalar, out SafetensorsDataType type)
    {
        foreach (var row in Table)
        {
            if (row.Scalar == scalar)
            {
                type = row.Type;
                return true;
            }
        }
        type = default;
        return false;
    }

    /// <summary>The name in a file's header, for instance <c>BF16</c>.</summary>
    public static string HeaderName(this SafetensorsDataType type) => Table[(int)type].Name;

    /// <summary>Bytes of one value.</summary>
    public static int ItemSize(this SafetensorsDataType type) => Table[(int)type].Size;

    public static ScalarType ToScalarType(this SafetensorsDataType type) => Table[(int)type].Scalar;
}
