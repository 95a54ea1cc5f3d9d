using MedGen.Sdk.Errors;
using MedGen.Model.Checkpoints;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Transformers;
using MedGen.Model.Verification;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Transformers;

public class WanTransformerGoldenTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("a", "model.safetensors", "config.json")]
    [InlineData("b", "model.safetensors", "config.json")]
    [InlineData("c", "model.safetensors", "config.json")]
    [InlineData("a", "model_diffusers.safetensors", "config_diffusers.json")]
    [InlineData("b", "model_diffusers.safetensors", "config_diffusers.json")]
    public void Forward_OfACase_EqualsTheReference(string name, string weights, string config)
    {
        using DisposeScope scope = NewDisposeScope();
        GoldenTensors cases = new("transformer", "cases.safetensors");
        Tensor timesteps = cases[$"{name}.t"];
        int items = (int)timesteps.shape[0];
        // diffusers' config does not hold the length of the text.
        using WanTransformer transformer = ModelFolder.LoadTransformer(
            [GoldenFolder.Path("transformer", weights)], GoldenFolder.Path("transformer", config), null, CPU, ScalarType.Float32, textLength: 16);

        IReadOnlyList<Tensor> outputs = transformer.ForwardEach(
            [.. Enumerable.Range(0, items).Select(i => cases[$"{name}.x{i}"])],
            timesteps,
            [.. Enumerable.Range(0, items).Select(i => cases[$"{name}.context{i}"])],
            (int)cases[$"{name}.seq_len"].item<long>());

        for (int i = 0; i < items; i++)
        {
            MaxAbsDiff(outputs[i], cases[$"{name}.out{i}"]).ShouldBeLessThan(Tolerance, $"item {i}");
        }
    }

    [Fact]
    public void Forward_OfABatchWithPromptsOfDifferentLength_EqualsEachAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer transformer = Load();
        using Generator generator = new(1);
        Tensor latents = randn([2, 16, 2, 4, 6], generator: generator);
        Tensor timesteps = tensor(new[] { 900f, 30f });
        Tensor[] contexts = [randn(5, 32, generator: generator), randn(16, 32, generator: generator)];
        using TextContext text = transformer.PrepareText(contexts);

        Tensor together = transformer.Forward(latents, timesteps, text);

        IReadOnlyList<Tensor> alone = transformer.ForwardEach([latents[0], latents[1]], timesteps, contexts);
        MaxAbsDiff(together[0], alone[0]).ShouldBeLessThan(1e-5);
        MaxAbsDiff(together[1], alone[1]).ShouldBeLessThan(1e-5);
    }

    [Fact]
    public void Forward_OfABatchWithTimestepsByToken_EqualsEachAlone()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer transformer = Load();
        using Generator generator = new(1);
        Tensor latents = randn([2, 16, 2, 4, 6], generator: generator); // 2 × 2 × 3 tokens
        Tensor timesteps = cat([full(2, 6, 0), tensor(new[] { 900f, 30f }).unsqueeze(1).expand(2, 6)], dim: 1); // the first frame is given
        Tensor[] contexts = [randn(5, 32, generator: generator), randn(16, 32, generator: generator)];
        using TextContext text = transformer.PrepareText(contexts);

        Tensor together = transformer.Forward(latents, timesteps, text);

        for (int i = 0; i < 2; i++)
        {
            using TextContext own = transformer.PrepareText([contexts[i]]);
            MaxAbsDiff(together[i], transformer.Forward(latents.narrow(0, i, 1), timesteps.narrow(0, i, 1), own)[0]).ShouldBeLessThan(1e-5);
        }
    }

    [Fact]
    public void Forward_OneTimestepForEveryToken_EqualsOneForTheClip()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer transformer = Load();
        using Generator generator = new(1);
        Tensor latents = randn([1, 16, 2, 4, 6], generator: generator);
        using TextContext text = transformer.PrepareText([randn(5, 32, generator: generator)]);

        Tensor byToken = transformer.Forward(latents, full(1, 12, 400), text);

        MaxAbsDiff(byToken, transformer.Forward(latents, tensor(new[] { 400f }), text)).ShouldBeLessThan(1e-5);
        Should.Throw<InvalidInputException>(() => transformer.Forward(latents, full(1, 11, 400), text))
            .Message.ShouldContain("got shape [1, 11] and 1 prompts; allowed: [1] or [1, 12], and 1 prompts, for latents of 12 tokens");
    }

    [Fact]
    public void Forward_InBfloat16_StaysNearFloat32()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer exact = Load();
        using WanTransformer rounded = Load(ScalarType.BFloat16);
        GoldenTensors cases = new("transformer", "cases.safetensors");
        Tensor Run(WanTransformer transformer) => transformer.ForwardEach([cases["a.x0"]], cases["a.t"], [cases["a.context0"]])[0];

        double difference = MaxAbsDiff(Run(rounded), Run(exact));

        difference.ShouldBeInRange(1e-4, 0.1);
    }

    [Fact]
    public void Forward_Twice_LeavesNoTensorsBehind()
    {
        using WanTransformer transformer = Load();
        void Run()
        {
            using DisposeScope scope = NewDisposeScope();
            using TextContext text = transformer.PrepareText([zeros(3, 32)]);
            transformer.Forward(zeros([1, 16, 1, 4, 4]), tensor(new[] { 500f }), text).Dispose();
        }

        Run();
        long before = LiveTensors.Count();
        Run();

        LiveTensors.Count().ShouldBe(before);
    }

    [Fact]
    public void Forward_OfAnOddLatent_NamesGotAndAllowed()
    {
        using DisposeScope scope = NewDisposeScope();
        using WanTransformer transformer = Load();
        using TextContext text = transformer.PrepareText([zeros(3, 32)]);

        Should.Throw<InvalidInputException>(() => transformer.Forward(zeros([1, 16, 1, 5, 4]), tensor(new[] { 500f }), text))
            .Message.ShouldContain("got shape [1, 16, 1, 5, 4]; allowed: [B, 16, F, H, W]");
    }

    [Fact]
    public void ToOriginal_OfEveryDiffusersName_GivesTheName()
    {
        Dictionary<string, string> map = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(GoldenFolder.Path("transformer", "name_map.json")))!;

        foreach ((string original, string diffusers) in map)
        {
            WanTransformerKeys.ToOriginal(diffusers).ShouldBe(original);
            WanTransformerKeys.ToOriginal(original).ShouldBe(original);
            WanTransformerKeys.ToOriginal("pipe.dit." + original).ShouldBe(original);
        }
    }

    internal static double MaxAbsDiff(Tensor actual, Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        using Tensor difference = (actual.to_type(ScalarType.Float64) - expected.to_type(ScalarType.Float64)).abs().max();
        return difference.item<double>();
    }

    internal static WanTransformer Load(ScalarType dataType = ScalarType.Float32) => ModelFolder.LoadTransformer(
        [GoldenFolder.Path("transformer", "model.safetensors")], GoldenFolder.Path("transformer", "config.json"), null, CPU, dataType);
}
