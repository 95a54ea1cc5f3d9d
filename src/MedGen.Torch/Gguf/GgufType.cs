namespace MedGen.Torch.Gguf;

/// <summary>How a tensor of a GGUF file is stored, by ggml's number for it (ggml.h, <c>ggml_type</c>); those that are read.</summary>
public enum GgufType
{
    /// <summary>32-bit floats.</summary>
    F32 = 0,

    /// <summary>16-bit IEEE floats.</summary>
    F16 = 1,

    /// <summary><c>Q8_0</c>: blocks of 32, a scale and 8 bits a value.</summary>
    Q8 = 8,

    /// <summary><c>Q4_K</c>: blocks of 256, two scales, in each 32 values a scale and a minimum of 6 bits, 4 bits a value.</summary>
    Q4K = 12,

    /// <summary><c>Q5_K</c>: as <see cref="Q4K"/> with 5 bits a value.</summary>
    Q5K = 13,

    /// <summary><c>Q6_K</c>: blocks of 256, a scale, in each 16 values a scale of 8 bits, 6 bits a value.</summary>
    Q6K = 14,

    /// <summary>16-bit brain floats.</summary>
    BF16 = 30,
}
