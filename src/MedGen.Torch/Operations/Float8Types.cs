using static TorchSharp.torch;

namespace MedGen.Torch.Operations;

/// <summary>torch's 8-bit floats, which TorchSharp's enumeration lacks but libtorch knows: it converts them, and computes nothing in them.</summary>
internal static class Float8Types
{
    /// <summary>float8_e4m3fn: 4 exponent and 3 mantissa bits, no infinity.</summary>
    public const ScalarType E4M3 = (ScalarType)24;

    /// <summary>float8_e5m2: 5 exponent and 2 mantissa bits.</summary>
    public const ScalarType E5M2 = (ScalarType)23;
}
