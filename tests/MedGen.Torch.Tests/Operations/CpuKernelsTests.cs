using MedGen.Torch.Operations;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests.Operations;

public sealed class CpuKernelsTests
{
    /// <summary>The lowest of processor, ATen and oneDNN decides.</summary>
    [Theory]
    [InlineData(3, null, null, "avx512-bf16", true)]
    [InlineData(3, "avx512", "ALL", "avx512-bf16", true)]
    [InlineData(3, "avx512", "AVX512_CORE_BF16", "avx512-bf16", true)]
    [InlineData(3, null, "AVX512_CORE_AMX", "avx512-bf16", true)]
    [InlineData(3, null, "avx512_core_vnni", "avx512", false)]
    [InlineData(3, null, "AVX2", "avx2", false)]
    [InlineData(3, "avx2", null, "avx2", false)]
    [InlineData(3, "avx2", "SSE41", "baseline", false)]
    [InlineData(3, "default", null, "baseline", false)]
    [InlineData(3, "AVX2", "nonsense", "avx512-bf16", true)]
    [InlineData(2, null, null, "avx512", false)]
    [InlineData(1, "avx512", "ALL", "avx2", false)]
    [InlineData(0, null, null, "baseline", false)]
    public void Choose_ByProcessorAndVariables_TakesTheLowest(int processor, string? aten, string? oneDnn, string name, bool hasBfloat16)
    {
        CpuKernels kernels = CpuKernels.Choose(processor, variable => variable == "ATEN_CPU_CAPABILITY" ? aten : oneDnn, hasOneDnnLinear: true);

        (kernels.Name, kernels.HasBfloat16).ShouldBe((name, hasBfloat16));
        kernels.HasOneDnnLinear.ShouldBe(name != "baseline");
    }

    [Fact]
    public void Choose_WithoutOneDnnsLinear_SaysSoInTheName() =>
        CpuKernels.Choose(3, _ => null, hasOneDnnLinear: false).Name.ShouldBe("avx512-bf16-plain");

    [Fact]
    public void Choose_UnderALimit_NamesTheVariable() =>
        CpuKernels.Choose(3, variable => variable == "ONEDNN_MAX_CPU_ISA" ? "AVX2" : null, hasOneDnnLinear: true).Reason
            .ShouldStartWith("limited by ONEDNN_MAX_CPU_ISA=AVX2, the processor has avx512-bf16; linears by oneDNN, bfloat16 linears and convolutions emulated in float32");

    [Theory]
    [InlineData("float32", ScalarType.Float32)]
    [InlineData("bfloat16", ScalarType.BFloat16)]
    public void Parse_OfAName_AndBack_IsTheSame(string name, ScalarType type)
    {
        NumberType.Parse(name, CPU).ShouldBe(type);
        NumberType.NameOf(type).ShouldBe(name);
    }

    [Fact]
    public void Parse_OfAuto_IsWhatTheProcessorHas() =>
        NumberType.Parse("auto", CPU).ShouldBe(CpuKernels.Current.HasBfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);

    [Fact]
    public void Parse_OfAnotherName_SaysWhatWasGotAndWhatIsAllowed() =>
        Should.Throw<MedGen.Sdk.Errors.InvalidInputException>(() => NumberType.Parse("float16", CPU))
            .Message.ShouldContain("dtype: got 'float16'; allowed: auto, float32, bfloat16.");

    [Fact]
    public void MeasureBfloat16_OnThisProcessor_IsARatio() => CpuKernels.MeasureBfloat16().ShouldBeGreaterThan(0);
}
