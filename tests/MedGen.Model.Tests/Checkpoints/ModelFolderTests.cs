using MedGen.Sdk.Errors;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Sizing;
using MedGen.Model.Tests.Goldens;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Torch.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Checkpoints;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_OfAReleasedFolder_BuildsEveryPart()
    {
        ModelFolder folder = ModelFolder.Open(GoldenFolder.Path("pipeline"));

        folder.ThrowIfIncomplete();
        folder.Files.Layout.ShouldBe(ModelLayout.Released);
        using WanTransformer transformer = folder.OpenTransformer(CPU, ScalarType.Float32);
        using UMT5Encoder encoder = folder.OpenTextEncoder(CPU, ScalarType.Float32);
        using WanAutoencoder autoencoder = folder.OpenAutoencoder(CPU, ScalarType.Float32);
        transformer.Config.TextLength.ShouldBe(48);
        encoder.Config.VocabularySize.ShouldBe(520);
        autoencoder.Config.LatentChannels.ShouldBe(16);
        folder.OpenTokenizer().EosId.ShouldBe(1);
        folder.ComputeHash().Length.ShouldBe(64);
    }

    [Fact]
    public void Open_OfADiffusersFolder_BuildsTheSameTransformerAndAutoencoder()
    {
        Copy("transformer", "model_diffusers.safetensors", "transformer/diffusion_pytorch_model.safetensors");
        Copy("transformer", "config_diffusers.json", "transformer/config.json");
        Copy("vae", "model_diffusers.safetensors", "vae/diffusion_pytorch_model.safetensors");
        Copy("vae", "config_diffusers.json", "vae/config.json");
        Copy("text_encoder", "model_transformers.safetensors", "text_encoder/model.safetensors");
        Copy("text_encoder", "config_transformers.json", "text_encoder/config.json");
        Copy("tokenizer", "tokenizer.json", "tokenizer/tokenizer.json");

        ModelFolder folder = ModelFolder.Open(_folder);

        folder.ThrowIfIncomplete();
        folder.Files.Layout.ShouldBe(ModelLayout.Diffusers);
        using WanTransformer transformer = folder.OpenTransformer(CPU, ScalarType.Float32);
        using WanAutoencoder autoencoder = folder.OpenAutoencoder(CPU, ScalarType.Float32);
        using UMT5Encoder encoder = folder.OpenTextEncoder(CPU, ScalarType.Float32);
        transformer.Config.NumHeads.ShouldBe(2);
        encoder.Config.NumLayers.ShouldBe(2);
        autoencoder.Config.LatentChannels.ShouldBe(4);
    }

    [Theory]
    [InlineData("pipe.dit.")]
    [InlineData("")]
    [InlineData("model.")]
    public void OpenTransformer_WithAFullFineTune_LaysItOverTheBase(string prefix)
    {
        CopyBase();
        using (DisposeScope scope = NewDisposeScope())
        {
            SafetensorsWriter.Write(
                Path.Combine(_folder, "medigen-1.3b.safetensors"), new Dictionary<string, Tensor> { [prefix + "head.head.bias"] = full([64], 7f) });
        }

        using WanTransformer transformer = ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.Float32);

        transformer.Parameters["head.head.bias"].Numbers!.data<float>().ToArray().ShouldAllBe(value => value == 7f);
    }

    [Fact]
    public void OpenFineTuneAdapter_WithALoraBesideTheBase_ReadsIt()
    {
        CopyBase();
        Copy("lora", "lora_diffsynth.safetensors", "medigen-1.3b.safetensors");

        ModelFolder folder = ModelFolder.Open(_folder);

        folder.FineTuneIsAdapter.ShouldBeTrue();
        using WanTransformer transformer = folder.OpenTransformer(CPU, ScalarType.Float32);
        using Model.Adapters.LoraAdapter adapter = folder.OpenFineTuneAdapter(transformer)!;
        adapter.Modules.ShouldContain("blocks.1.ffn.2");
    }

    [Fact]
    public void OpenTransformer_WithoutAConfig_InfersEverythingButTheHeads()
    {
        Copy("transformer", "model.safetensors", "diffusion_pytorch_model.safetensors");

        Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.Float32))
            .Message.ShouldContain("The number of heads is not stated, and width 64 is no multiple of 128");
    }

    [Fact]
    public void OpenTransformer_WithUnfitWeights_NamesThemAll()
    {
        CopyBase();
        Change("diffusion_pytorch_model.safetensors", tensors =>
        {
            tensors.Remove("blocks.0.self_attn.q.bias");
            tensors["blocks.1.norm3.weight"] = ones(3);
            tensors["blocks.1.norm3.bias"] = full([64], float.NaN);
            tensors["extra"] = ones(1);
        });

        string message = Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder).OpenTransformer(CPU, ScalarType.Float32)).Message;

        message.ShouldContain("'blocks.0.self_attn.q.bias' [64] is missing");
        message.ShouldContain("'blocks.1.norm3.weight' has shape [3], expected [64]");
        message.ShouldContain("'blocks.1.norm3.bias' holds values that are not finite numbers");
        message.ShouldContain("'extra' is unexpected");
    }

    [Fact]
    public void ReadGrid_OfAnotherPatchThanTheReleasedOne_FollowsIt()
    {
        CopyBase();
        Copy("pipeline/models", "Wan2.1_VAE.safetensors", "Wan2.1_VAE.safetensors");
        Copy("pipeline/models", "vae_config.json", "vae_config.json");
        ClipGrid released = ModelFolder.Open(_folder).ReadGrid();
        Change("diffusion_pytorch_model.safetensors", tensors => tensors["patch_embedding.weight"] = zeros([64, 16, 1, 1, 4])); // as many values as 1 x 2 x 2

        ClipGrid changed = ModelFolder.Open(_folder).ReadGrid();

        (released.WidthStep, released.HeightStep, released.FrameStep, released.FrameOffset).ShouldBe((16, 16, 4, 1));
        (changed.WidthStep, changed.HeightStep, changed.FrameStep, changed.FrameOffset).ShouldBe((32, 8, 4, 1));
    }

    [Fact]
    public void ReadGrid_WithoutAnAutoencoder_SaysSo()
    {
        CopyBase();

        Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder).ReadGrid()).Message.ShouldContain("has no autoencoder");
    }

    [Fact]
    public void Open_WithAMissingShard_NamesIt()
    {
        Copy("transformer", "model.safetensors", "diffusion_pytorch_model-00001-of-00002.safetensors");

        ModelFolder.Open(_folder).Files.Missing.ShouldContain("shard diffusion_pytorch_model-00002-of-00002.safetensors is missing");
    }

    [Fact]
    public void Open_OfAnEmptyFolder_SaysWhatWasExpected() =>
        Should.Throw<ModelFormatException>(() => ModelFolder.Open(_folder)).Message.ShouldContain("holds no model: expected diffusion_pytorch_model*.safetensors");

    private void Change(string file, Action<Dictionary<string, Tensor>> change)
    {
        string path = Path.Combine(_folder, file);
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (SafetensorsFile weights = SafetensorsFile.Open(path))
        {
            tensors = weights.Tensors.Keys.ToDictionary(name => name, name => weights.Read(name).clone());
        }

        change(tensors);
        SafetensorsWriter.Write(path, tensors);
    }

    private void CopyBase()
    {
        Copy("transformer", "model.safetensors", "diffusion_pytorch_model.safetensors");
        Copy("transformer", "config.json", "config.json");
    }

    private void Copy(string part, string file, string target)
    {
        string path = Path.Combine(_folder, target);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(GoldenFolder.Path(part, file), path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
