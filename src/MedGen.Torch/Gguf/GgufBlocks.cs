using static TorchSharp.torch;

namespace MedGen.Torch.Gguf;

/// <summary>The values of blocks (ggml-quants.c, <c>dequantize_row_*</c>), in torch's operations: the same on every device.</summary>
internal static class GgufBlocks
{
    /// <summary>Computes values.</summary>
    /// <param name="type">A type of blocks.</param>
    /// <param name="bytes">uint8 [n, bytes of a block].</param>
    /// <param name="scales">The blocks' 16-bit floats (<see cref="GgufTypes.Scales"/>), [n, 1 or 2].</param>
    /// <returns>float32 [n, values of a block], in the current dispose scope.</returns>
    public static Tensor Values(GgufType type, Tensor bytes, Tensor scales)
    {
        using var scope = NewDisposeScope();
        Tensor wide = scales.to_type(ScalarType.Float32); // [n, 1 or 2]
        Tensor values = type switch
        {
            GgufType.Q8 => wide * Signed(bytes.narrow(1, 2, 32)),
            GgufType.Q4K => WithMinima(wide, bytes, Nibbles(bytes.narrow(1, 16, 128), 32)),
            GgufType.Q5K => WithMinima(wide, bytes, Nibbles(bytes.narrow(1, 48, 128), 32) + (Bits(bytes.narrow(1, 16, 32), 8, 1) * 16)),
            GgufType.Q6K => SixBits(wide, bytes),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Has no blocks."),
        };
        return values.view(bytes.size(0), type.BlockValues()).MoveToOuterDisposeScope(); // [n, values]
    }

    // d · scale · q − dmin · minimum, a scale and a minimum of 6 bits for each 32 values; q is uint8 [n, 8, 32].
    private static Tensor WithMinima(Tensor scales, Tensor bytes, Tensor q)
    {
        Tensor packed = bytes.narrow(1, 4, 12); // [n, 12]
        (Tensor first, Tensor second, Tensor third) = (packed.narrow(1, 0, 4), packed.narrow(1, 4, 4), packed.narrow(1, 8, 4)); // [n, 4] each
        Tensor scale = cat([Low(first, 64), Low(third, 16) + (High(first, 64) * 16)], 1); // [n, 8]
        Tensor minimum = cat([Low(second, 64), High(third, 16) + (High(second, 64) * 16)], 1); // [n, 8]
        Tensor factor = (scales.narrow(1, 0, 1) * scale).unsqueeze(2); // [n, 8, 1]
        return (factor * q).sub_((scales.narrow(1, 1, 1) * minimum).unsqueeze(2)); // [n, 8, 32]
    }

    // d · scale · (q − 32), a scale of 8 bits for each 16 values.
    private static Tensor SixBits(Tensor scales, Tensor bytes)
    {
        long n = bytes.size(0);
        Tensor low = Nibbles(bytes.narrow(1, 0, 128), 64).view(n, 2, 4, 32); // [n, 2, 4, 32]
        Tensor high = Bits(bytes.narrow(1, 128, 64).reshape(n * 2, 32), 4, 2).view(n, 2, 4, 32); // [n, 2, 4, 32]
        Tensor q = (low + (high * 16)).to_type(ScalarType.Float32).sub_(32).view(n, 16, 16); // [n, 16, 16]
        return q.mul_((scales * Signed(bytes.narrow(1, 192, 16))).unsqueeze(2)); // [n, 16, 16]
    }

    // Of each run of bytes the low halves, then the high ones: [n, b] gives [n, 2 · b / run, run].
    private static Tensor Nibbles(Tensor bytes, int run)
    {
        Tensor runs = bytes.reshape(bytes.size(0), -1, 1, run); // [n, b / run, 1, run]
        return cat([Low(runs, 16), High(runs, 16)], 2).view(bytes.size(0), -1, run); // [n, 2 · b / run, run]
    }

    // Groups of bits of each byte, the lowest first: [n, b] gives [n, count, b].
    private static Tensor Bits(Tensor bytes, int count, int width)
    {
        Tensor[] groups = [.. Enumerable.Range(0, count).Select(i => Low(High(bytes, 1 << (i * width)), 1 << width))];
        return stack(groups, 1); // [n, count, b]
    }

    private static Tensor Low(Tensor bytes, int modulus) => bytes & tensor((byte)(modulus - 1), device: bytes.device);

    private static Tensor High(Tensor bytes, int divisor) =>
        bytes.bitwise_right_shift(tensor((byte)int.Log2(divisor), device: bytes.device));

    // Two's complement.
    private static Tensor Signed(Tensor bytes) => bytes.to_type(ScalarType.Int8).to_type(ScalarType.Float32);
}
