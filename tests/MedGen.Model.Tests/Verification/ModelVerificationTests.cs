using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Model.Checkpoints;
using MedGen.Model.Schedulers;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.Transformers;
using MedGen.Model.Verification;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Verification;

public sealed class ModelVerificationTests : IDisposable
{
    private static readonly string OtherDimensions = Fixtures.Path("wan-other-dims");

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-verify-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_AllGoldens_Pass()
    {
        List<VerificationRecord> records = [.. ModelVerification.Run(GoldenFolder.Root, cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed).ShouldBeEmpty();
        records.Select(record => record.Part).Distinct().ShouldBe(
            ["tokenizer", "text_encoder", "transformer", "lora", "vae", "schedulers", "pipeline"]);
        records.Count(record => record.Part == "transformer" && record.Case.EndsWith("by name_map.json]", StringComparison.Ordinal)).ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Run_Wan22_Pass()
    {
        List<VerificationRecord> records =
            [.. ModelVerification.Run(Fixtures.Path("goldens22", "ti2v"), cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed || record.Skipped).ShouldBeEmpty();
        records.ShouldContain(record => record.Case.StartsWith("b.dbg.e0", StringComparison.Ordinal));
        records.Count(record => record.Case.Contains(".out", StringComparison.Ordinal)).ShouldBe(7 * 2);
        records.Count(record => record.Case.Contains(".mu ", StringComparison.Ordinal)).ShouldBe(3 * 2);
        records.Select(record => record.Case).ShouldContain("i2v.image.resized");
        records.Count(record => record.Case.EndsWith(".latents", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public void Run_TwoExperts_Pass()
    {
        List<VerificationRecord> records = [.. ModelVerification.Run(Fixtures.Path("goldens22", "a14b"), cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed || record.Skipped).ShouldBeEmpty();
        records.Count(record => record.Case.EndsWith(".latents", StringComparison.Ordinal)).ShouldBe(3);
        records.Select(record => record.Case).ShouldContain("switch.euler.steps19.shift12.boundary0.875.expert"); // a step lies on the boundary
    }

    [Fact]
    public void Run_Adapters_FindTheirBaseAndPass()
    {
        List<VerificationRecord> records = [.. ModelVerification.Run(Fixtures.Path("goldens22", "lora"), cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed).ShouldBeEmpty();
        string[] compared = [.. records.Where(record => !record.Skipped).Select(record => record.Case)];
        compared.ShouldContain("dora_out.scale0.5.out [dora_peft.safetensors]");
        compared.ShouldContain("lokr.scale1.weight.blocks.0.self_attn.q.weight [lokr.safetensors]");
        string[] ofPair = [.. new[] { "high", "low" }.SelectMany(
            expert => new[] { "base", "scale1", "scale1.5", "scale3" }.Select(scale => $"{expert}.{scale}.out [expert_pair]"))];
        compared.Where(name => name.EndsWith("[expert_pair]", StringComparison.Ordinal)).ShouldBe(ofPair, ignoreOrder: true);
        records.Where(record => record.Skipped).ShouldAllBe(record => record.Case.Contains("lycoris", StringComparison.Ordinal)
            || record.Case.Contains("comfyui", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_AdaptersWithoutTheirBase_SaysWhatToName()
    {
        File.Copy(Fixtures.Path("goldens22", "lora", "cases.safetensors"), Path.Combine(_folder, "cases.safetensors"));
        File.Copy(Fixtures.Path("goldens22", "lora", "lokr.safetensors"), Path.Combine(_folder, "lokr.safetensors"));

        ModelVerification.Run(_folder, cancellationToken: TestContext.Current.CancellationToken).ShouldHaveSingleItem().Message.ShouldContain("--base");
        ModelVerification.Run(_folder, GoldenFolder.Root, TestContext.Current.CancellationToken).Where(record => !record.Passed).ShouldBeEmpty();
    }

    [Fact]
    public void Run_OtherFormsOfFiles_Pass()
    {
        List<VerificationRecord> records =
            [.. ModelVerification.Run(Fixtures.Path("goldens22", "layouts"), cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed).ShouldBeEmpty();
        records.Where(record => !record.Skipped && record.Case.Contains(".out", StringComparison.Ordinal)).Select(record => record.Case).ShouldBe(
        [
            "wan-Q5_K-Q6_K.out", "wan-mixed.out", "fp8_e5m2_plain.out", "fp8_scaled_comfy_quant.out", "fp8_scaled_metadata.out", "fp8_scaled_old.out",
            "int8_tensorwise_comfy_quant.out", "umt5-encoder-Q8_0.out[0]", "umt5-encoder-Q8_0.out[1]", "umt5_fp8_comfy_quant.out[0]",
            "umt5_fp8_comfy_quant.out[1]",
        ]);
        records.Count(record => !record.Skipped && record.Case.Contains(".dequant.", StringComparison.Ordinal)).ShouldBe(14);
    }

    [Theory]
    [InlineData("odd", 7)]
    [InlineData("plain", 4)]
    public void Run_OtherDimensionsByAnIndependentImplementation_Pass(string set, int parts)
    {
        List<VerificationRecord> records = [.. ModelVerification.Run(Path.Combine(OtherDimensions, set), cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed).ShouldBeEmpty();
        records.Where(record => record.Skipped).ShouldBeEmpty();
        records.Select(record => record.Part).Distinct().Count().ShouldBe(parts);
        records.ShouldContain(record => record.Case.Contains(".dbg.block0.self_attn.q_rope"));
    }

    [Theory]
    [InlineData("odd/vae", "decoder.middle.1.proj.weight", "nine.mu", "three.out")]
    [InlineData("plain/c", "blocks.0.ffn.gate.0.weight", "rel_bucket", "t.out[0]")]
    public void Run_OneWeightChanged_FailsWhatDependsOnItAlone(string part, string weight, string good, string bad)
    {
        string copy = Copy(Path.Combine(OtherDimensions, part), "part", onlyNative: true);
        string file = Path.Combine(copy, "model.safetensors");
        SafetensorsHeader header = SafetensorsHeader.Read(file);
        byte[] bytes = File.ReadAllBytes(file);
        BitConverter.TryWriteBytes(bytes.AsSpan((int)(header.DataOffset + header.Tensors[weight].ByteOffset)), 1.5f);
        File.WriteAllBytes(file, bytes);

        List<VerificationRecord> records = [.. ModelVerification.Run(copy, cancellationToken: TestContext.Current.CancellationToken)];

        records.ShouldContain(record => record.Case.StartsWith(good, StringComparison.Ordinal) && record.Passed);
        records.ShouldContain(record => record.Case.StartsWith(bad, StringComparison.Ordinal) && !record.Passed);
    }

    [Fact]
    public void Run_ATensorOfAnUnknownName_IsSkippedByName()
    {
        string copy = Copy(Path.Combine(OtherDimensions, "plain/c"), "part", onlyNative: true);
        string cases = Path.Combine(copy, "cases.safetensors");
        string renamed = Encoding.Latin1.GetString(File.ReadAllBytes(cases)).Replace("\"t.lens\"", "\"t.span\"", StringComparison.Ordinal); // as long, so that nothing moves
        File.WriteAllBytes(cases, Encoding.Latin1.GetBytes(renamed));

        List<VerificationRecord> records = [.. ModelVerification.Run(copy, cancellationToken: TestContext.Current.CancellationToken)];

        records.ShouldAllBe(record => record.Passed);
        records.Where(record => record.Skipped).ShouldHaveSingleItem().Case.ShouldBe("t.span");
    }

    [Fact]
    public void Run_ACaseWithoutItsOutput_NamesCaseAndTensor()
    {
        string copy = Copy(Path.Combine(OtherDimensions, "plain/c"), "part", onlyNative: true);
        SafetensorsWriter.Write(Path.Combine(copy, "cases.safetensors"), new Dictionary<string, Tensor>
        {
            ["good.ids"] = zeros(1, 1, ScalarType.Int64), ["good.out"] = zeros(1, 1, 14), ["lame.ids"] = zeros(1, 2, ScalarType.Int64),
        });

        List<VerificationRecord> records = [.. ModelVerification.Run(copy, cancellationToken: TestContext.Current.CancellationToken)];

        records.ShouldContain(record => !record.Passed && record.Case.StartsWith("lame") && record.Message.Contains("'lame.out'"));
    }

    [Fact]
    public void Run_OnePartUnderAnyName_IsRecognisedByItsContent()
    {
        string copy = Copy("schedulers", "s-17");

        List<VerificationRecord> records = [.. ModelVerification.Run(copy, cancellationToken: TestContext.Current.CancellationToken)];

        records.ShouldAllBe(record => record.Passed && record.Part == "schedulers");
        records.Count.ShouldBe(4 * 16 * 3 + 16);
    }

    [Fact]
    public void Run_OneByteOfAnOutputChanged_FailsThatCaseAlone()
    {
        string copy = Copy("transformer", "transformer");
        string cases = Path.Combine(copy, "cases.safetensors");
        SafetensorsHeader header = SafetensorsHeader.Read(cases);
        byte[] bytes = File.ReadAllBytes(cases);
        bytes[header.DataOffset + header.Tensors["c.out0"].ByteOffset + 2] ^= 0x40;
        File.WriteAllBytes(cases, bytes);

        List<VerificationRecord> records = [.. ModelVerification.Run(_folder, cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed).ShouldAllBe(record => record.Case.StartsWith("c.out0", StringComparison.Ordinal));
        records.Count(record => !record.Passed).ShouldBe(2);
    }

    [Theory]
    [InlineData("cases.safetensors")]
    [InlineData("model.safetensors")]
    public void Run_AFileCutShort_IsAFailedRowWithItsReason(string file)
    {
        string copy = Copy("transformer", "transformer");
        using (FileStream stream = File.OpenWrite(Path.Combine(copy, file)))
        {
            stream.SetLength(stream.Length / 2);
        }

        List<VerificationRecord> records = [.. ModelVerification.Run(_folder, cancellationToken: TestContext.Current.CancellationToken)];

        records.ShouldContain(record => !record.Passed && record.Message.Contains(file));
    }

    [Fact]
    public void Run_AFolderWithoutFixtures_Throws()
    {
        Should.Throw<ModelFormatException>(() => ModelVerification.Run(_folder, cancellationToken: TestContext.Current.CancellationToken)).Message.ShouldContain("holds no fixture");
        Should.Throw<ModelFormatException>(() => ModelVerification.Run(Path.Combine(_folder, "nowhere"), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Run_OtherDimensionsNamesAndSchedules_Pass()
    {
        WriteTransformer(Path.Combine(_folder, "transformer"));
        WriteSchedule(Path.Combine(_folder, "steps"));

        List<VerificationRecord> records = [.. ModelVerification.Run(_folder, cancellationToken: TestContext.Current.CancellationToken)];

        records.Where(record => !record.Passed).ShouldBeEmpty();
        records.Select(record => record.Case).ShouldBe(
        [
            "odd-one.out0 [model.safetensors]", "odd-one.out1 [model.safetensors]", "euler.steps7.shift2.5.timesteps", "euler.steps7.shift2.5.sigmas",
            "euler.steps7.shift2.5.samples",
        ]);
    }

    private static void WriteSchedule(string folder)
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        using FlowScheduler scheduler = SchedulerFactory.Create(GenerationScheduler.Euler, 7, 2.5);
        Tensor x = randn(2, 3);
        Tensor sample = x;
        List<Tensor> samples = [];
        for (int i = 0; i < 7; i++)
        {
            Tensor velocity = sample * (0.3 * Math.Cos(scheduler.Timesteps[i] / 1000 * 3)) + sample.sin() * 0.1;
            sample = scheduler.Step(velocity, i, sample);
            samples.Add(sample);
        }

        SafetensorsWriter.Write(Path.Combine(folder, "cases.safetensors"), new Dictionary<string, Tensor>
        {
            ["x0"] = x,
            ["euler.steps7.shift2.5.timesteps"] = tensor(scheduler.Timesteps.ToArray()),
            ["euler.steps7.shift2.5.sigmas"] = tensor(scheduler.Sigmas.ToArray()),
            ["euler.steps7.shift2.5.samples"] = stack(samples),
        });
    }

    private static void WriteTransformer(string folder)
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> weights = new()
        {
            ["patch_embedding.weight"] = randn([48, 4, 1, 2, 2]),
            ["patch_embedding.bias"] = randn(48),
            ["blocks.0.modulation"] = randn(1, 6, 48),
            ["blocks.0.norm3.weight"] = randn(48),
            ["blocks.0.norm3.bias"] = randn(48),
            ["head.modulation"] = randn(1, 2, 48),
        };
        AddLinear("text_embedding.0", 48, 20);
        AddLinear("text_embedding.2", 48, 48);
        AddLinear("time_embedding.0", 48, 32);
        AddLinear("time_embedding.2", 48, 48);
        AddLinear("time_projection.1", 288, 48);
        AddLinear("blocks.0.ffn.0", 80, 48);
        AddLinear("blocks.0.ffn.2", 48, 80);
        AddLinear("head.head", 16, 48);
        foreach (string attention in new[] { "blocks.0.self_attn", "blocks.0.cross_attn" })
        {
            foreach (string linear in new[] { "q", "k", "v", "o" })
            {
                AddLinear($"{attention}.{linear}", 48, 48);
            }

            weights[$"{attention}.norm_q.weight"] = randn(48);
            weights[$"{attention}.norm_k.weight"] = randn(48);
        }

        string file = Path.Combine(folder, "model.safetensors");
        string config = Path.Combine(folder, "config.json");
        SafetensorsWriter.Write(file, weights);
        File.WriteAllText(config, """{ "num_heads": 4, "text_len": 9 }""");

        using WanTransformer transformer = ModelFolder.LoadTransformer([file], config, null, CPU, ScalarType.Float32);
        Tensor[] latents = [randn(4, 1, 2, 6), randn(4, 5, 4, 2)];
        Tensor[] contexts = [randn(9, 20), randn(2, 20)];
        Tensor timesteps = tensor(new[] { 3f, 871f });
        IReadOnlyList<Tensor> outputs = transformer.ForwardEach(latents, timesteps, contexts);
        SafetensorsWriter.Write(Path.Combine(folder, "cases.safetensors"), new Dictionary<string, Tensor>
        {
            ["odd-one.x0"] = latents[0],
            ["odd-one.x1"] = latents[1],
            ["odd-one.context0"] = contexts[0],
            ["odd-one.context1"] = contexts[1],
            ["odd-one.t"] = timesteps,
            ["odd-one.out0"] = outputs[0],
            ["odd-one.out1"] = outputs[1],
        });

        void AddLinear(string name, long outputs, long inputs)
        {
            weights[$"{name}.weight"] = randn(outputs, inputs) / Math.Sqrt(inputs);
            weights[$"{name}.bias"] = randn(outputs);
        }
    }

    private string Copy(string part, string name) => Copy(GoldenFolder.Path(part), name, onlyNative: false);

    private string Copy(string source, string name, bool onlyNative)
    {
        string target = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (string file in Directory.EnumerateFiles(source).Where(file => !(onlyNative && file.Contains("_diffusers", StringComparison.Ordinal))))
        {
            string copy = Path.Combine(target, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return target;
    }
}
