using System.Text.Json.Nodes;
using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Checkpoints;

/// <summary>What a model folder states is used, or refused by name.</summary>
public sealed class FolderStatementTests : IDisposable
{
    private const string Weights = "diffusion_pytorch_model.safetensors";
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-statements-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{"_class_name":"WanPipeline","boundary_ratio":0.875}""", "model_index.json states a second expert (boundary_ratio, transformer_2), and the folder transformer_2 holds no weights")]
    [InlineData("""{"_class_name":"WanPipeline","transformer_2":["diffusers","WanTransformer3DModel"]}""", "model_index.json states a second expert")]
    [InlineData("""{"_class_name":"WanPipeline","transformer_2":["diffusers","UNet"]}""", "model_index.json states transformer_2")]
    [InlineData("""{"_class_name":"WanPipeline","boundary_ratio":1.5}""", "model_index.json states boundary_ratio 1.5; supported: above 0 and below 1")]
    [InlineData("""{"_class_name":"WanPipeline","expand_timesteps":"yes"}""", "model_index.json states expand_timesteps \"yes\"; supported: true")]
    [InlineData("""{"_class_name":"WanVACEPipeline"}""", "model_index.json states _class_name \"WanVACEPipeline\"; supported: \"WanPipeline\"")]
    [InlineData("""{"_class_name":"WanPipeline","vae":["diffusers","AutoencoderKL"]}""", "model_index.json states vae")]
    public void OpenTransformer_OfAnIndexThatIsNotSupported_IsRefusedByName(string index, string expected)
    {
        ModelFolder folder = Diffusers(index, scheduler: null);

        Should.Throw<ModelFormatException>(folder.ThrowIfIncomplete).Message.ShouldContain(expected);
        Should.Throw<ModelFormatException>(() => folder.OpenTransformer(CPU, ScalarType.Float32)).Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Open_OfAnIndexWithExpandTimesteps_TakesAFirstFrameOrNone(string value, bool expected) =>
        Diffusers($$"""{"_class_name":"WanPipeline","expand_timesteps":{{value}}}""", scheduler: null).Files.ExpandsTimesteps.ShouldBe(expected);

    [Fact]
    public void ReadObject_OfATextThatIsNotUtf8_IsRefusedByName()
    {
        string file = Path.Combine(_folder, "config.json");
        File.WriteAllBytes(file, [.. "{\"_class_name\":\"a"u8, 0xff, .. "\"}"u8]);

        Should.Throw<ModelFormatException>(() => JsonFile.ReadObject(file)).Message.ShouldContain("config.json is not JSON: it is not UTF-8.");
    }

    [Theory]
    [InlineData("""{"_class_name":"UniPCMultistepScheduler","prediction_type":"epsilon"}""", "scheduler/scheduler_config.json states prediction_type \"epsilon\"; supported: \"flow_prediction\"")]
    [InlineData("""{"_class_name":"UniPCMultistepScheduler","use_karras_sigmas":true}""", "states use_karras_sigmas (true)")]
    [InlineData("""{"_class_name":"DDIMScheduler"}""", "states _class_name \"DDIMScheduler\"")]
    public void Open_OfASchedulerThatIsNotSupported_TellsItByName(string scheduler, string expected) =>
        Diffusers("""{"_class_name":"WanPipeline"}""", scheduler).Files.Unsupported.ShouldHaveSingleItem().ShouldContain(expected);

    [Theory]
    [InlineData("""{"_class_name":"UniPCMultistepScheduler","flow_shift":3.0,"prediction_type":"flow_prediction","use_flow_sigmas":true,"use_karras_sigmas":false}""", 3)]
    [InlineData("""{"_class_name":"FlowMatchEulerDiscreteScheduler","shift":8,"num_train_timesteps":1000,"use_dynamic_shifting":false}""", 8)]
    [InlineData(null, 5)]
    public void Defaults_OfADiffusersFolder_HaveTheSchedulersShift(string? scheduler, double expected)
    {
        ModelFolder folder = Diffusers("""{"_class_name":"WanPipeline","boundary_ratio":null,"transformer_2":[null,null],"expand_timesteps":false}""", scheduler);

        folder.Files.Unsupported.ShouldBeEmpty();
        folder.Defaults.Shift.ShouldBe(expected);
    }

    [Fact]
    public void Open_BesideASecondExpert_NamesIt()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "transformer_2"));

        Diffusers("""{"_class_name":"WanPipeline"}""", scheduler: null).Files.Missing.ShouldContain("no low-noise expert (diffusion_pytorch_model*.safetensors) in transformer_2");
    }

    [Fact]
    public void Open_OfATransformerWithAnUnknownStatement_NamesIt()
    {
        Released();
        JsonObject config = JsonFile.ReadObject(Path.Combine(_folder, "config.json"));
        config["quantization_config"] = new JsonObject { ["quant_method"] = "bitsandbytes" };
        File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());

        ModelFolder.Open(_folder).Files.Unsupported.ShouldHaveSingleItem().ShouldContain("config.json states quantization_config");
    }

    // The rest is what transformers writes beside the weights of umT5-XXL.
    [Theory]
    [InlineData("\"dense_act_fn\":\"relu\"", "text_encoder_config.json states dense_act_fn \"relu\"; supported: \"gelu_new\"")]
    [InlineData("\"model_type\":\"mt5\"", "text_encoder_config.json states model_type \"mt5\"; supported: \"umt5\"")]
    [InlineData("\"quantization_config\":{\"load_in_8bit\":true}", "text_encoder_config.json states quantization_config")]
    [InlineData("\"model_type\":\"umt5\"", null)]
    public void Open_OfATextEncoderThatIsNotSupported_TellsItByName(string statement, string? expected)
    {
        Released();
        File.WriteAllText(Path.Combine(_folder, "text_encoder_config.json"), $$"""
            {"architectures":["UMT5EncoderModel"],"classifier_dropout":0.0,"d_ff":10240,"d_kv":64,"d_model":4096,"decoder_start_token_id":0,
             "dropout_rate":0.1,"eos_token_id":1,"feed_forward_proj":"gated-gelu","initializer_factor":1.0,"is_encoder_decoder":true,
             "is_gated_act":true,"layer_norm_epsilon":1e-06,"num_decoder_layers":24,"num_heads":64,"num_layers":24,"output_past":true,
             "pad_token_id":0,"relative_attention_max_distance":128,"relative_attention_num_buckets":32,"scalable_attention":true,
             "tie_word_embeddings":false,"tokenizer_class":"T5Tokenizer","torch_dtype":"bfloat16","transformers_version":"4.48.0",
             "use_cache":true,"vocab_size":256384,{{statement}}}
            """);

        IReadOnlyList<string> unsupported = ModelFolder.Open(_folder).Files.Unsupported;

        if (expected is null)
        {
            unsupported.ShouldBeEmpty();
        }
        else
        {
            unsupported.ShouldHaveSingleItem().ShouldContain(expected);
        }
    }

    [Theory]
    [InlineData("_orig_mod.")]
    [InlineData("module.")]
    [InlineData("net.")]
    [InlineData("module._orig_mod.")]
    public void OpenTransformer_UnderAWrappersPrefix_IsTheSame(string prefix)
    {
        Released();
        Rename(key => prefix + key);

        using WanTransformer transformer = ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.Float32);
        using WanTransformer plain = ModelFolder.Open(Fixtures.TinyModel).OpenTransformer(CPU, ScalarType.Float32);

        transformer.Parameters.Keys.ShouldBe(plain.Parameters.Keys, ignoreOrder: true);
        using DisposeScope scope = NewDisposeScope();
        plain.Parameters.ShouldAllBe(weight => transformer.Parameters[weight.Key].Numbers!.equal(weight.Value.Numbers!).all().item<bool>());
    }

    [Fact]
    public void OpenTransformer_WithAByteOrderMarkInItsConfig_ReadsIt()
    {
        Released();
        string config = Path.Combine(_folder, "config.json");
        File.WriteAllBytes(config, [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(config)]);

        using WanTransformer transformer = ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.Float32);

        transformer.Config.TextLength.ShouldBe(48);
    }

    [Fact]
    public void OpenTransformer_OfAGitLfsPointer_SaysSo()
    {
        Released();
        File.WriteAllText(Path.Combine(_folder, Weights), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 2838276936\n");

        Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.Float32)).Message.ShouldContain($"{Weights} is a Git LFS pointer");
    }

    [Fact]
    public void OpenTransformer_OfABrokenGgufFile_SaysWhy()
    {
        File.WriteAllText(Path.Combine(_folder, "wan2.1-t2v-1.3b-Q8_0.gguf"), "GGUF");

        Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.Float32)).Message
            .ShouldContain("wan2.1-t2v-1.3b-Q8_0.gguf cannot be read as GGUF: it ends within the version");
    }

    private ModelFolder Diffusers(string index, string? scheduler)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "transformer"));
        File.Copy(Path.Combine(Fixtures.TinyModel, Weights), Path.Combine(_folder, "transformer", Weights));
        File.Copy(Path.Combine(Fixtures.TinyModel, "config.json"), Path.Combine(_folder, "transformer", "config.json"));
        File.WriteAllText(Path.Combine(_folder, "model_index.json"), index);
        if (scheduler is not null)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "scheduler"));
            File.WriteAllText(Path.Combine(_folder, "scheduler", "scheduler_config.json"), scheduler);
        }

        return ModelFolder.Open(_folder);
    }

    private void Released()
    {
        foreach (string file in (string[])[Weights, "config.json"])
        {
            File.Copy(Path.Combine(Fixtures.TinyModel, file), Path.Combine(_folder, file));
        }
    }

    private void Rename(Func<string, string> rename)
    {
        string path = Path.Combine(_folder, Weights);
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        SafetensorsWriter.Write(path + ".new", file.Tensors.Keys.ToDictionary(rename, name => file.Read(name).clone()));
        File.Move(path + ".new", path, overwrite: true);
    }
}
