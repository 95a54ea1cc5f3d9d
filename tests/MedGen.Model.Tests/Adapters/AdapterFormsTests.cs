using MedGen.Model.Adapters;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Tests.Transformers;
using MedGen.Model.Transformers;
using MedGen.Model.Verification;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Adapters;

/// <summary>DoRA, LoHa, LoKr and whole differences, against the reference and against files that are not whole.</summary>
public sealed class AdapterFormsTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private const string Query = "blocks.0.self_attn.q";

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly GoldenTensors _inputs = new("transformer", "cases.safetensors");
    private readonly GoldenTensors _cases = GoldenTensors.Open(FileOf("cases"));
    private readonly WanTransformer _transformer = WanTransformerGoldenTests.Load();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-adapter-").FullName;

    public void Dispose()
    {
        _transformer.Dispose();
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("lora_ranks_alpha")]
    [InlineData("lora_diff")]
    [InlineData("lora_diff_m")]
    [InlineData("dora_out")]
    [InlineData("dora_in")]
    [InlineData("dora_peft", "dora_out")]
    [InlineData("loha")]
    [InlineData("lokr")]
    public void Forward_WithAnAdapter_EqualsTheReference(string file, string? expected = null)
    {
        expected ??= file;
        using LoraAdapter adapter = Load(FileOf(file));

        foreach ((double scale, string name) in new[] { (1.0, "1"), (0.5, "0.5") })
        {
            AdapterSet adapters = new((adapter, scale));
            using WanTransformer merged = WanTransformer.Load(
                (parameter, _) => adapters.Merge(parameter, _transformer.Parameters[parameter].Numbers!), _transformer.Config, CPU, ScalarType.Float32);
            Tensor output = _cases[$"{expected}.scale{name}.out"];

            WanTransformerGoldenTests.MaxAbsDiff(Run(_transformer, adapters), output).ShouldBeLessThan(Tolerance);
            WanTransformerGoldenTests.MaxAbsDiff(Run(merged, null), output).ShouldBeLessThan(Tolerance);
        }

        Tensor weight = new AdapterSet((adapter, 1.0)).Merge($"{Query}.weight", _transformer.Parameters[$"{Query}.weight"].Numbers!);
        WanTransformerGoldenTests.MaxAbsDiff(weight, _cases[$"{expected}.scale1.weight.{Query}.weight"]).ShouldBeLessThan(1e-6);
        WanTransformerGoldenTests.MaxAbsDiff(Run(_transformer, null), _cases["base.out"]).ShouldBeLessThan(Tolerance);
    }

    [Fact]
    public void Forward_WithAFileOfLycorisAndKohyasNamesOfNorms_TakesThem()
    {
        using LoraAdapter adapter = Load(Write(new()
        {
            ["lora_unet_blocks_1_norm3.diff"] = ones(64), ["lora_unet_blocks_1_self_attn_norm_q.diff"] = ones(64),
            ["lora_unet_patch_embedding.diff_b"] = ones(64), ["transformer.blocks.0.norm2.diff_b"] = ones(64),
        }));

        adapter.ChangedParameters.ShouldBe(
            ["blocks.1.norm3.weight", "blocks.1.self_attn.norm_q.weight", "patch_embedding.bias", "blocks.0.norm3.bias"], ignoreOrder: true);
    }

    public static TheoryData<string, (string Key, long[] Shape)[]> Broken => new()
    {
        { "all four factors of LoHa are needed: blocks.0.self_attn.q has HadamardA1 only", [("hada_w1_a", [64, 2])] },
        {
            "an update does not fit its linear: blocks.0.self_attn.q is [64, 64], its update [64, 2] · [2, 64] · [64, 2] · [2, 32]",
            [("hada_w1_a", [64, 2]), ("hada_w1_b", [2, 64]), ("hada_w2_a", [64, 2]), ("hada_w2_b", [2, 32])]
        },
        { "each factor of LoKr is needed whole or in two parts", [("lokr_w1", [4, 4])] },
        { "each factor of LoKr is needed whole or in two parts", [("lokr_w1", [4, 4]), ("lokr_w2_a", [16, 2])] },
        { "an update does not fit its linear: blocks.0.self_attn.q is [64, 64], its update [4, 4] · [16, 8]", [("lokr_w1", [4, 4]), ("lokr_w2", [16, 8])] },
        { "a weight is changed in one way", [("lokr_w1", [4, 4]), ("lokr_w2", [16, 16]), ("diff", [64, 64])] },
        { "an update does not fit its linear", [("diff", [64, 32])] },
        { "a difference has another shape than its weight: blocks.0.self_attn.q.bias is [64]", [("diff_b", [32])] },
        { "the transformer has no such weight: 'blocks.0.self_attn.q.modulation'", [("diff_m", [1, 6, 64])] },
        { "Tucker cores (lora_mid, lokr_t2, hada_t1) are not read", [("lokr_w1", [4, 4]), ("lokr_w2", [16, 16]), ("lokr_t2", [2, 2, 1, 1])] },
        { "Down and Up are needed: blocks.0.self_attn.q has Magnitude only", [("dora_scale", [64, 1])] },
        {
            "an update does not fit its linear: blocks.0.self_attn.q is [64, 64], its update [32, 1]",
            [("lora_down.weight", [2, 64]), ("lora_up.weight", [64, 2]), ("dora_scale", [32, 1])]
        },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void Load_OfPartsThatAreNotWhole_NamesModuleAndShapes(string expected, (string Key, long[] Shape)[] parts)
    {
        string path = Write(parts.ToDictionary(part => $"{Query}.{part.Key}", part => ones(part.Shape)));

        Should.Throw<ModelFormatException>(() => Load(path)).Message.ShouldContain(expected);
    }

    private static string FileOf(string name) => Fixtures.Path("goldens22", "lora", name + ".safetensors");

    private LoraAdapter Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        LoraAdapter.IsAdapter(file.Tensors.Keys).ShouldBeTrue();
        return LoraAdapter.Load(file, _transformer.Shapes, CPU, ScalarType.Float32);
    }

    private string Write(Dictionary<string, Tensor> tensors)
    {
        string path = Path.Combine(_folder, "adapter.safetensors");
        SafetensorsWriter.Write(path, tensors);
        return path;
    }

    private Tensor Run(WanTransformer transformer, AdapterSet? adapters) =>
        transformer.ForwardEach([_inputs["a.x0"]], _inputs["a.t"], [_inputs["a.context0"]], (int)_inputs["a.seq_len"].item<long>(), adapters)[0];
}
