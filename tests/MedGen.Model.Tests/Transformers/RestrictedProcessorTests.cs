using System.Diagnostics;
using MedGen.Torch.Operations;

namespace MedGen.Model.Tests.Transformers;

/// <summary>The goldens on lesser processors than this one: in a process of their own, since libtorch and oneDNN ask once what they may use.</summary>
public sealed class RestrictedProcessorTests
{
    private const string Aten = "ATEN_CPU_CAPABILITY";
    private const string OneDnn = "ONEDNN_MAX_CPU_ISA";

    [Theory]
    [InlineData("avx2", "AVX2")]
    [InlineData("avx512", "AVX512_CORE")]
    public async Task Goldens_WithFewerInstructions_EqualTheReferenceAndPrintNothingElse(string aten, string oneDnn)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "MedGen.Model.Tests")) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (Type tests in new[] { typeof(WanTransformerGoldenTests), typeof(DotProductAttentionTests) })
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(tests.FullName!);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(RestrictedProcessorTests).FullName}.{nameof(Kernels_UnderALimit_AreWithinIt)}");
        (start.Environment[Aten], start.Environment[OneDnn]) = (aten, oneDnn);

        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        child.ExitCode.ShouldBe(0, await output);
        error.ShouldBeEmpty();
    }

    [Fact]
    public void Kernels_UnderALimit_AreWithinIt()
    {
        string? limit = Environment.GetEnvironmentVariable(OneDnn);
        if (limit is "AVX2" or "AVX512_CORE")
        {
            CpuKernels.Current.HasBfloat16.ShouldBeFalse();
        }

        CpuKernels.Current.Name.ShouldNotStartWith(limit == "AVX2" ? "avx512" : "cuda");
    }
}
