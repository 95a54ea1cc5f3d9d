using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Model.Transformers;
using MedGen.Training.SurgicalPhase;
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

    /// <summary>Embeds a film: latents averaged over a grid of 4 x 4, and tokens of the middle block over a grid of 2 x 2.</summary>
    public (FilmFeatures Latents, FilmFeatures Tokens) Embed(FilmViews film, int variants, int seed)
    {
        using var noGradient = no_grad();
        Random draws = new(seed);
        List<float[]> latents = [];
        List<float[]> tokens = [];
        for (int variant = 0; variant < variants; variant++)
        {
            List<float> ofLatents = [];
            List<float> ofTokens = [];
            for (int start = 0; start < film.Count; start += Batch)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor views = Views(film, start, Math.Min(Batch, film.Count - start), variant == 0 ? null : draws); // [N, 3, 1, S, S]
                Tensor encoded = _autoencoder.Encode(views); // [N, z, 1, S/8, S/8]
                ofLatents.AddRange(Pool(encoded.squeeze(2), 4));
                ofTokens.AddRange(Pool(Middle(encoded), 2));
            }

            latents.Add([.. ofLatents]);
            tokens.Add([.. ofTokens]);
        }

        int[] phases = [.. film.Film.Phases.Take(film.Count)];
        return (new FilmFeatures(film.Film, latents, phases), new FilmFeatures(film.Film, tokens, phases));
    }

    public void Dispose()
    {
        _autoencoder.Dispose();
        _transformer.Dispose();
        _prompt.Dispose();
    }

    private static Tensor Views(FilmViews film, int start, int count, Random? changes)
    {
        float[] values = new float[count * FilmViews.ViewBytes];
        byte[] bytes = new byte[FilmViews.ViewBytes];
        for (int i = 0; i < count; i++)
        {
            film.Read(start + i, bytes);
            Span<float> view = values.AsSpan(i * FilmViews.ViewBytes, FilmViews.ViewBytes);
            if (changes is null)
            {
                ViewAugmentation.Copy(bytes, view);
            }
            else
            {
                ViewAugmentation.Sample(bytes, changes, view);
            }
        }

        int side = (int)Math.Sqrt(FilmViews.ViewBytes / 3);
        Tensor small = tensor(values, [count, 3, side, side]);
        return ((nn.functional.interpolate(small, [Side, Side], mode: InterpolationMode.Bilinear, align_corners: false) * 2) - 1).unsqueeze(2);
    }

    /// <summary>Tokens after the middle block, [N, dim, h, w].</summary>
    private Tensor Middle(Tensor latents)
    {
        string wanted = $"block{(_transformer.Config.NumLayers / 2) - 1}";
        Tensor? found = null;
        long count = latents.size(0);
        using TextContext text = _transformer.PrepareText([.. Enumerable.Repeat(_prompt, (int)count)]);
        _transformer.Forward(latents, full([count], Timestep), text, adapters: null, observe: (name, activation) => found = name == wanted ? activation.clone().MoveToOuterDisposeScope() : found);
        long side = latents.size(4) / 2;
        return found!.transpose(1, 2).unflatten(2, [side, side]);
    }

    private static float[] Pool(Tensor maps, long grid) => nn.functional.adaptive_avg_pool2d(maps, grid).flatten(1).data<float>().ToArray();
}
