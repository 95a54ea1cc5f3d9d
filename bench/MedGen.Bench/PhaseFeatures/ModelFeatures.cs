using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Transformers;
using MedGen.Classifiers.Training.SurgicalPhase;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Bench.PhaseFeatures;

/// <summary>What the shared model sees in single views: latents of its autoencoder, tokens in the middle of its transformer. Nothing in it is trained for phases.</summary>
internal sealed class ModelFeatures : IDisposable
{
    private const int Batch = 64;
    private const int Side = 128; // what medgen-mini was trained on
    private const float Timestep = 100; // of 1000: nearly clean, as for features of diffusion models (arXiv 2306.03881)

    private readonly WanAutoencoder _autoencoder;
    private readonly WanTransformer _transformer;
    private readonly Tensor _prompt; // [L, text dim]

    public ModelFeatures(string folder)
    {
        ModelFolder model = ModelFolder.Open(folder);
        _autoencoder = model.OpenAutoencoder(CPU, ScalarType.Float32);
        _transformer = model.OpenTransformer(CPU, ScalarType.Float32);
        using MedGenPipeline pipeline = MedGenPipeline.Open(model, CPU, ScalarType.Float32);
        _prompt = pipeline.Prompts.Encode("A laparoscopic video.").clone().DetachFromDisposeScope(); // the encoder keeps its own
    }

    /// <summary>Embeds a video: latents averaged over a grid of 4 x 4, and tokens of the middle block over a grid of 2 x 2.</summary>
    public (VideoFeatures Latents, VideoFeatures Tokens) Embed(VideoViews video, int variants, int seed)
    {
        using var noGradient = no_grad();
        Random draws = new(seed);
        List<float[]> latents = [];
        List<float[]> tokens = [];
        for (int variant = 0; variant < variants; variant++)
        {
            List<float> ofLatents = [];
            List<float> ofTokens = [];
            for (int start = 0; start < video.Count; start += Batch)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor views = Views(video, start, Math.Min(Batch, video.Count - start), variant == 0 ? null : draws); // [N, 3, 1, S, S]
                Tensor encoded = _autoencoder.Encode(views); // [N, z, 1, S/8, S/8]
                ofLatents.AddRange(Pool(encoded.squeeze(2), 4));
                ofTokens.AddRange(Pool(Middle(encoded), 2));
            }

            latents.Add([.. ofLatents]);
            tokens.Add([.. ofTokens]);
        }

        int[] phases = [.. video.Video.Phases.Take(video.Count)];
        return (new VideoFeatures(video.Video, latents, phases), new VideoFeatures(video.Video, tokens, phases));
    }

    public void Dispose()
    {
        _autoencoder.Dispose();
        _transformer.Dispose();
        _prompt.Dispose();
    }

    private static Tensor Views(VideoViews video, int start, int count, Random? changes)
    {
        float[] values = new float[count * VideoViews.ViewBytes];
        byte[] bytes = new byte[VideoViews.ViewBytes];
        for (int i = 0; i < count; i++)
        {
            video.Read(start + i, bytes);
            Span<float> view = values.AsSpan(i * VideoViews.ViewBytes, VideoViews.ViewBytes);
            if (changes is null)
            {
                ViewAugmentation.Copy(bytes, view);
            }
            else
            {
                ViewAugmentation.Sample(bytes, changes, view);
            }
        }

        int side = (int)Math.Sqrt(VideoViews.ViewBytes / 3);
        Tensor small = tensor(values, [count, 3, side, side]);
        return ((nn.functional.interpolate(small, [Side, Side], mode: InterpolationMode.Bilinear, align_corners: false) * 2) - 1).unsqueeze(2);
    }

    /// <summary>Tokens after the middle block, [N, dim, h, w].</summary>
    private Tensor Middle(Tensor latents)
    {
        long count = latents.size(0);
        using TextContext text = _transformer.PrepareText([.. Enumerable.Repeat(_prompt, (int)count)]);
        Tensor tokens = _transformer.ForwardTo(latents, full([count], Timestep), text, (_transformer.Config.NumLayers / 2) - 1, ForwardContext.Plain); // [N, S, dim]
        long side = latents.size(4) / 2;
        return tokens.transpose(1, 2).unflatten(2, [side, side]);
    }

    private static float[] Pool(Tensor maps, long grid) => nn.functional.adaptive_avg_pool2d(maps, grid).flatten(1).data<float>().ToArray();
}
