using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace MedGen.Torch.Operations;

/// <summary>
/// The kernels that networks take on this processor. They are chosen once a process, by what the processor has and by what ATen and oneDNN may use of
/// it, never by trying: equal processors choose alike, and a result can be repeated wherever the name is the same.
/// </summary>
public sealed record CpuKernels
{
    private const int Baseline = 0;
    private const int Avx2Level = 1;
    private const int Avx512 = 2;
    private const int Avx512Bfloat16 = 3;

    private static readonly string[] Names = ["baseline", "avx2", "avx512", "avx512-bf16"];

    /// <summary>Those of this process.</summary>
    public static CpuKernels Current { get; } = Choose(Processor(), Environment.GetEnvironmentVariable, OneDnnLinear.IsAvailable);

    /// <summary>
    /// <c>avx512-bf16</c>, <c>avx512</c>, <c>avx2</c> or <c>baseline</c>; with <c>-plain</c> behind it where libtorch does not offer oneDNN's linear.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// Whether the processor multiplies in bfloat16. Where it does not, such tensors are computed with in float32 and the result is rounded.
    /// </summary>
    public required bool HasBfloat16 { get; init; }

    /// <summary>Whether linears go to oneDNN; otherwise to libtorch's own.</summary>
    public required bool HasOneDnnLinear { get; init; }

    /// <summary>What was chosen and why, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Name of the kernels that a device takes.</summary>
    /// <param name="device">The device.</param>
    /// <returns>This set's name on a CPU; on a GPU <c>cuda</c>, where libtorch alone chooses.</returns>
    public static string NameOn(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.type == TorchSharp.DeviceType.CPU ? Current.Name : "cuda";
    }

    /// <summary>Whether operations must be computed in float32 and rounded.</summary>
    /// <param name="type">Number type of their tensors.</param>
    /// <param name="device">Device of their tensors.</param>
    /// <returns>True for bfloat16 on a processor that cannot multiply it.</returns>
    public bool Emulates(ScalarType type, TorchSharp.DeviceType device) =>
        !HasBfloat16 && type == ScalarType.BFloat16 && device == TorchSharp.DeviceType.CPU;

    /// <summary>Measures, in a fraction of a second, what emulating bfloat16 costs here.</summary>
    /// <returns>Time of a linear in bfloat16 over its time in float32.</returns>
    public static double MeasureBfloat16()
    {
        const int Rounds = 6; // in turn, so that a busy neighbour slows both; the first warms up
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor x = ones([256, 1024]);
        Tensor weight = ones([1024, 1024]);
        Tensor bias = ones([1024]);
        (double half, double full) = (double.MaxValue, double.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            half = Math.Min(half, Seconds(ScalarType.BFloat16));
            full = Math.Min(full, Seconds(ScalarType.Float32));
        }

        return half / full;

        double Seconds(ScalarType type)
        {
            using var pieceScope = NewDisposeScope();
            (Tensor a, Tensor b, Tensor c) = (x.to_type(type), weight.to_type(type), bias.to_type(type));
            long started = Stopwatch.GetTimestamp();
            Linear.Forward(a, b, c);
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    /// <summary>Chooses.</summary>
    /// <param name="processor">Index in the names, of what the processor has.</param>
    /// <param name="variable">Reads the variables by which ATen and oneDNN are told to use less.</param>
    /// <param name="hasOneDnnLinear">Whether libtorch offers oneDNN's linear.</param>
    internal static CpuKernels Choose(int processor, Func<string, string?> variable, bool hasOneDnnLinear)
    {
        (int level, string reason) = (processor, "as the processor has");
        foreach ((string name, Func<string, int> limit) in new (string, Func<string, int>)[]
        {
            ("ATEN_CPU_CAPABILITY", AtenLimit),
            ("ONEDNN_MAX_CPU_ISA", OneDnnLimit),
        })
        {
            if (variable(name) is { } value && limit(value) is int allowed && allowed < level)
            {
                (level, reason) = (allowed, $"limited by {name}={value}, the processor has {Names[processor]}");
            }
        }

        bool hasBfloat16 = level == Avx512Bfloat16;
        bool oneDnn = hasOneDnnLinear && level >= Avx2Level;
        return new CpuKernels
        {
            Name = Names[level] + (oneDnn || level < Avx2Level ? "" : "-plain"),
            HasBfloat16 = hasBfloat16,
            HasOneDnnLinear = oneDnn,
            Reason = $"{reason}; linears by {(oneDnn ? "oneDNN" : "libtorch")}, "
                + (
                    hasBfloat16
                        ? "bfloat16 in hardware, its attention by two products; --dtype auto: bfloat16"
                        : "bfloat16 linears and convolutions emulated in float32, attention fused; --dtype auto: float32"),
        };
    }

    private static int Processor()
    {
        if (!Avx512BW.VL.IsSupported || !Avx512DQ.VL.IsSupported)
        {
            return Avx2.IsSupported && Fma.IsSupported ? Avx2Level : Baseline;
        }

        const int Bfloat16Bit = 1 << 5; // CPUID leaf 7, subleaf 1, EAX: AVX512_BF16
        return X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 1).Eax & Bfloat16Bit) != 0 ? Avx512Bfloat16 : Avx512;
    }

    // libtorch, DispatchStub.cpp: other values are ignored.
    private static int AtenLimit(string value) => value switch { "default" => Baseline, "avx2" => Avx2Level, _ => Avx512Bfloat16 };

    // oneDNN, cpu_isa_traits.cpp: names in any case; other values are ignored.
    private static int OneDnnLimit(string value) => value.ToUpperInvariant() switch
    {
        "SSE41" or "AVX" => Baseline,
        "AVX2" or "AVX2_VNNI" or "AVX2_VNNI_2" => Avx2Level,
        "AVX512_CORE" or "AVX512_CORE_VNNI" => Avx512,
        _ => Avx512Bfloat16,
    };
}
