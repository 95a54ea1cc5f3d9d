using MedGen.Model.Adapters;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Adapters;

/// <summary>What an adapter states beside its low-rank parts is used, or refused by name.</summary>
public sealed class AdapterStatementTests : IDisposable
{
    private static readonly string[] Linears = ["blocks.0.self_attn.q", "blocks.1.self_attn.q"];

    private static readonly Dictionary<string, IReadOnlyList<long>> Shapes = Linears
        .SelectMany(linear => new (string, IReadOnlyList<long>)[]
        {
            ($"{linear}.weight", [64, 64]), ($"{linear}.bias", [64]), (linear[..^1] + "norm_q.weight", [64]),
        })
        .ToDictionary(pair => pair.Item1, pair => pair.Item2);

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-adapter-").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("expected_alpha_as_tensor")]
    [InlineData("diffusers_metadata")]
    [InlineData("plain_metadata")]
    public void Load_OfAlpha16AtRank4_MultipliesBy4(string file)
    {
        using LoraAdapter adapter = Load(Case("lora-alpha-in-metadata", file));

        adapter.Modules.ShouldBe(Linears, ignoreOrder: true);
        adapter.Modules.ShouldAllBe(module => FactorOf(adapter, module) == 4);
    }

    [Theory]
    [InlineData("fun_two_underscores")]
    [InlineData("lin4d")]
    public void Load_OfAnotherSpelling_GivesTheSameUpdates(string file)
    {
        using LoraAdapter plain = Load(Case("lora-key-variants", "plain"));
        using LoraAdapter adapter = Load(Case("lora-key-variants", file));
        Tensor weight = zeros(64, 64);

        foreach (string module in Linears)
        {
            adapter.Find(module)!.Delta(weight, 1).equal(plain.Find(module)!.Delta(weight, 1)).all().item<bool>().ShouldBeTrue();
        }
    }

    [Fact]
    public void Load_OfDifferencesBesideLowRankParts_ReadsThem()
    {
        using LoraAdapter adapter = Load(Case("lora-key-variants", "diff_b"));

        adapter.Modules.ShouldBe(Linears, ignoreOrder: true);
        adapter.ChangedParameters.ShouldBe(
            ["blocks.0.self_attn.q.bias", "blocks.0.self_attn.norm_q.weight", "blocks.1.self_attn.q.bias", "blocks.1.self_attn.norm_q.weight"],
            ignoreOrder: true);
    }

    [Fact]
    public void Load_OfPartsThatAreNotRead_NamesEachKindOnce() => Refusal(Case("lora-key-variants", "lora_bias")).ShouldContain(
        "biases of low-rank parts (lora_bias) are not read: 2 times, for instance 'blocks.0.self_attn.q.lora_B.default.bias'.");

    [Theory]
    [InlineData("""{"r":4,"lora_alpha":8}""", 2, 2)]
    [InlineData("""{"r":4,"lora_alpha":8,"use_rslora":true}""", 4, 4)]
    [InlineData("""{"r":4,"lora_alpha":8,"alpha_pattern":{"blocks.1.self_attn.q":4,"1.self_attn.k":16}}""", 2, 1)]
    [InlineData("""{"r":2,"lora_alpha":8,"rank_pattern":{"self_attn.q":4}}""", 2, 2)]
    [InlineData("""{"peft_type":"LORA","r":4,"lora_alpha":8,"target_modules":["q"],"bias":"none","use_dora":false,"init_lora_weights":true,"modules_to_save":null}""", 2, 2)]
    public void Load_WithAConfigBeside_UsesIt(string config, double first, double second)
    {
        File.WriteAllText(Path.Combine(_folder, "adapter_config.json"), config);

        using LoraAdapter adapter = Load(Write());

        FactorOf(adapter, "blocks.0.self_attn.q").ShouldBe(first, 1e-9);
        FactorOf(adapter, "blocks.1.self_attn.q").ShouldBe(second, 1e-9);
    }

    [Theory]
    [InlineData("""{"r":4,"lora_alpha":8,"use_dora":true}""", "DoRA is stated, and the file has no magnitudes: use_dora in adapter_config.json")]
    [InlineData("""{"r":4,"lora_alpha":8,"init_lora_weights":"pissa"}""", "init_lora_weights in adapter_config.json")]
    [InlineData("""{"r":4,"lora_alpha":8,"layer_replication":[[0,4]]}""", "layer_replication in adapter_config.json")]
    [InlineData("""{"r":4,"lora_alpha":8,"peft_type":"LOHA"}""", "peft_type in adapter_config.json")]
    [InlineData("""{"r":4}""", "a statement is missing: lora_alpha in adapter_config.json")]
    [InlineData("""{"r":8,"lora_alpha":8}""", "adapter_config.json states another rank than the tensors have: 2 times, for instance blocks.0.self_attn.q has 4, stated is 8")]
    [InlineData("""{"r":4,"lora_alpha":"much"}""", "a number above 0 is needed: lora_alpha")]
    [InlineData("""{"r":4,"lora_alpha":8,"alpha_pattern":{"(":4}}""", "a pattern that is not read: '('")]
    [InlineData("[]", "not a JSON object: adapter_config.json")]
    public void Load_WithAConfigThatCannotBeUsed_IsRefusedByName(string config, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "adapter_config.json"), config);

        Refusal(Write()).ShouldContain(expected);
    }

    [Fact]
    public void Load_OfStatementsThatContradict_IsRefused()
    {
        File.WriteAllText(Path.Combine(_folder, "adapter_config.json"), """{"r":4,"lora_alpha":8}""");

        Refusal(Write(new() { ["lora_alpha"] = "16" }))
            .ShouldContain("adapter_config.json and the safetensors header contradict each other: 2 times, for instance blocks.0.self_attn.q is multiplied by 2 or by 4");
    }

    [Fact]
    public void Load_BesideAnotherAdaptersConfig_DoesNotUseIt()
    {
        File.WriteAllText(Path.Combine(_folder, "adapter_config.json"), """{"r":4,"lora_alpha":8}""");
        File.Copy(Write(), Path.Combine(_folder, "adapter_model.safetensors"));

        using LoraAdapter adapter = Load(Path.Combine(_folder, "lora.safetensors"));

        FactorOf(adapter, "blocks.0.self_attn.q").ShouldBe(1);
    }

    [Fact]
    public void Load_OfCompiledModulesKeys_StripsThem()
    {
        using LoraAdapter adapter = Load(Write(prefix: "module._orig_mod."));

        adapter.Modules.ShouldBe(Linears, ignoreOrder: true);
    }

    private static string Case(string folder, string file) => Fixtures.Path("cases", folder, file + ".safetensors");

    private static LoraAdapter Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return LoraAdapter.Load(file, Shapes, CPU, ScalarType.Float32);
    }

    private static double FactorOf(LoraAdapter adapter, string module) => adapter.Find(module).ShouldBeOfType<LowRankUpdate>().Factor;

    private static string Refusal(string path) => Should.Throw<ModelFormatException>(() => Load(path)).Message;

    private string Write(Dictionary<string, string>? metadata = null, string prefix = "")
    {
        string path = Path.Combine(_folder, "lora.safetensors");
        Dictionary<string, Tensor> tensors = [];
        foreach (string module in Linears)
        {
            tensors[$"{prefix}{module}.lora_A.weight"] = ones(4, 64);
            tensors[$"{prefix}{module}.lora_B.weight"] = ones(64, 4);
        }

        SafetensorsWriter.Write(path, tensors, metadata);
        return path;
    }
}
