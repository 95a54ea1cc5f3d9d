namespace MedGen.Torch.Safetensors;

/// <summary>Number types that this reader and writer know.</summary>
public enum SafetensorsDataType
{
    /// <summary>64-bit float (<c>F64</c>).</summary>
    F64,

    /// <summary>32-bit float (<c>F32</c>).</summary>
    F32,

    /// <summary>16-bit IEEE float (<c>F16</c>).</summary>
    F16,

    /// <summary>16-bit brain float (<c>BF16</c>).</summary>
    BF16,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits, no infinity (<c>F8_E4M3</c>).</summary>
    F8E4M3,

    /// <summary>8-bit float, 5 exponent and 2 mantissa bits (<c>F8_E5M2</c>).</summary>
    F8E5M2,

    /// <summary>64-bit signed integer (<c>I64</c>).</summary>
    I64,

    /// <summary>32-bit signed integer (<c>I32</c>).</summary>
    I32,

    /// <summary>16-bit signed integer (<c>I16</c>).</summary>
    I16,

    /// <summary>8-bit signed integer (<c>I8</c>).</summary>
    I8,

    /// <summary>8-bit unsigned integer (<c>U8</c>).</summary>
    U8,

    /// <summary>One byte a value, 0 or 1 (<c>BOOL</c>).</summary>
    Bool,
}
