using MedGen.Sdk.Errors;
using MedGen.Model.Adapters;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Tests.Transformers;
using MedGen.Model.Transformers;
using MedGen.Model.Verification;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Adapters;

public sealed class LoraGoldenTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly GoldenTensors _cases = new("lora", "cases.safetensors");

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("lora_diffsynth", 1.0, "peft.scale1.out")]
    [InlineData("lora_diffusion_model", 1.0, "peft.scale1.out")]
    [InlineData("lora_diffusers", 0.5, "peft.scale0.5.out")]
    [InlineData("lora_kohya", 1.0, "kohya.scale1.out")]
    [InlineData("lora_kohya", 0.5, "kohya.scale0.5.out")]
    public void Forward_WithAnAdapter_EqualsTheReferenceAndLeavesTheBaseAlone(string file, double scale, string expected)
    {
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        using LoraAdapter adapter = LoadAdapter(file, transformer);

        Tensor adapted = Run(transformer, new AdapterSet([(adapter, scale)]));

        WanTransformerGoldenTests.MaxAbsDiff(adapted, _cases[expected]).ShouldBeLessThan(Tolerance);
        WanTransformerGoldenTests.MaxAbsDiff(Run(transformer, null), _cases["base.out"]).ShouldBeLessThan(Tolerance);
    }

    [Theory]
    [InlineData("lora_diffusers", 1.0, "peft.scale1.out")]
    [InlineData("lora_kohya", 0.5, "kohya.scale0.5.out")]
    public void Merge_ThenForward_EqualsTheReference(string file, double scale, string expected)
    {
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        using LoraAdapter adapter = LoadAdapter(file, transformer);
        AdapterSet adapters = new([(adapter, scale)]);

        using WanTransformer merged = WanTransformer.Load(
            (name, _) => adapters.Merge(name, transformer.Parameters[name].Numbers!), transformer.Config, CPU, ScalarType.Float32);

        WanTransformerGoldenTests.MaxAbsDiff(Run(merged, null), _cases[expected]).ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public void Load_OfFullWeights_IsRefusedByName()
    {
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        using SafetensorsFile file = SafetensorsFile.Open(GoldenFolder.Path("transformer", "model.safetensors"));

        LoraAdapter.IsAdapter(file.Tensors.Keys).ShouldBeFalse();
        Should.Throw<ModelFormatException>(() => LoraAdapter.Load(file, transformer.Shapes, CPU, ScalarType.Float32))
            .Message.ShouldContain("keys that follow no known convention are not read: ");
    }

    [Fact]
    public void Load_OfAnAdapterWithNaN_NamesTheTensor()
    {
        string path = Path.Combine(Path.GetTempPath(), $"medgen-nan-{Guid.NewGuid():N}.safetensors");
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        using Tensor down = full([4, 64], float.NaN);
        using Tensor up = ones(64, 4);
        try
        {
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor>
            {
                ["blocks.0.self_attn.q.lora_A.weight"] = down,
                ["blocks.0.self_attn.q.lora_B.weight"] = up,
            });
            using SafetensorsFile file = SafetensorsFile.Open(path);

            Should.Throw<ModelFormatException>(() => LoraAdapter.Load(file, transformer.Shapes, CPU, ScalarType.Float32))
                .Message.ShouldContain("values that are not finite numbers: 'blocks.0.self_attn.q.lora_A.weight'");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    public void Load_OfFp8Parts_MultipliesThemByTheirScales(double scale)
    {
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        using Fp8File file = new(downScale: scale);

        using LoraAdapter adapter = LoraAdapter.Load(file.Open(), transformer.Shapes, CPU, ScalarType.Float32);

        LowRankUpdate update = adapter.Find("blocks.0.self_attn.q").ShouldBeOfType<LowRankUpdate>();
        update.Down.data<float>().ShouldAllBe(value => value == (float)(1.5 * scale));
        update.Up.data<float>().ShouldAllBe(value => value == -2);
    }

    [Fact]
    public void Load_OfAScaleWithoutAnFp8Weight_IsRefusedByName()
    {
        using WanTransformer transformer = WanTransformerGoldenTests.Load();
        using Fp8File file = new(downScale: 1, upType: "U8");

        Should.Throw<ModelFormatException>(() => LoraAdapter.Load(file.Open(), transformer.Shapes, CPU, ScalarType.Float32))
            .Message.ShouldContain("'blocks.0.self_attn.q.lora_B.scale_weight' scales 'blocks.0.self_attn.q.lora_B.weight', which is U8");
    }

    private static LoraAdapter LoadAdapter(string file, WanTransformer transformer)
    {
        using SafetensorsFile opened = SafetensorsFile.Open(GoldenFolder.Path("lora", file + ".safetensors"));
        LoraAdapter.IsAdapter(opened.Tensors.Keys).ShouldBeTrue();
        return LoraAdapter.Load(opened, transformer.Shapes, CPU, ScalarType.Float32);
    }

    private Tensor Run(WanTransformer transformer, AdapterSet? adapters) =>
        transformer.ForwardEach([_cases["x"]], _cases["t"], [_cases["context"]], adapters: adapters)[0];
}
