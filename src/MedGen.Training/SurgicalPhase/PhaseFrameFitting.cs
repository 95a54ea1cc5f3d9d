using MedGen.Phantoms.Randomness;
using MedGen.Torch.Networks;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Training.SurgicalPhase;

/// <summary>Trains the frame network to name the phase from a single view, which teaches it features that tell phases apart.</summary>
internal sealed class PhaseFrameFitting(int classes, PhaseTrainingOptions options)
{
    private const double BalancedShare = 0.7; // of a batch: every phase as often; the rest as phases occur
    private const double LabelSmoothing = 0.05;
    private const double Dropout = 0.3;
    private const int EmbedBatch = 64;

    /// <summary>Trains a network; the result holds the running average of the weights.</summary>
    public FrameNetwork Fit(IReadOnlyList<FilmViews> films, Action<int, double> onStep, CancellationToken cancellationToken)
    {
        ILookup<int, (FilmViews Film, int Index)> byPhase = films
            .SelectMany(f => Enumerable.Range(0, f.Count).Select(i => (Film: f, Index: i)))
            .ToLookup(v => v.Film.Film.Phases[v.Index]);
        (FilmViews Film, int Index)[][] pools = [.. byPhase.Select(g => g.ToArray())];
        (FilmViews Film, int Index)[] all = [.. pools.SelectMany(p => p)];
        var draws = new Random(options.Seed);
        return new FrameNetworkLoop("phase features", classes, options.Seed, options.FrameSteps, options.FrameLearningRate)
            .Run((network, _) => Loss(network, pools, all, draws), onStep, cancellationToken);
    }

    /// <summary>Computes the features of a film.</summary>
    /// <param name="network">The network.</param>
    /// <param name="film">The film.</param>
    /// <param name="variants">How many: 1 for the views as they are, more for changed ones beside them.</param>
    /// <param name="seed">Seed of the changes.</param>
    public static FilmFeatures Embed(FrameNetwork network, FilmViews film, int variants, int seed)
    {
        using var noGrad = no_grad();
        var draws = new Random(seed);
        var features = new List<float[]>();
        byte[] bytes = new byte[FilmViews.ViewBytes];
        for (int variant = 0; variant < variants; variant++)
        {
            float[] values = new float[film.Count * FrameNetwork.FeatureLength];
            for (int start = 0; start < film.Count; start += EmbedBatch)
            {
                using var scope = NewDisposeScope();
                int count = Math.Min(EmbedBatch, film.Count - start);
                float[] views = new float[count * FilmViews.ViewBytes];
                for (int i = 0; i < count; i++)
                {
                    film.Read(start + i, bytes);
                    Span<float> view = views.AsSpan(i * FilmViews.ViewBytes, FilmViews.ViewBytes);
                    if (variant == 0)
                    {
                        ViewAugmentation.Copy(bytes, view);
                    }
                    else
                    {
                        ViewAugmentation.Sample(bytes, draws, view);
                    }
                }

                Tensor batch = tensor(views, [count, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide]);
                network.Embed(batch).data<float>().CopyTo(values, start * FrameNetwork.FeatureLength);
            }

            features.Add(values);
        }

        return new FilmFeatures(film.Film, features, [.. film.Film.Phases.Take(film.Count)]);
    }

    private Tensor Loss(FrameNetwork network, (FilmViews Film, int Index)[][] pools, (FilmViews Film, int Index)[] all, Random draws)
    {
        float[] views = new float[options.BatchSize * FilmViews.ViewBytes];
        long[] labels = new long[options.BatchSize];
        byte[] bytes = new byte[FilmViews.ViewBytes];
        for (int i = 0; i < options.BatchSize; i++)
        {
            (FilmViews Film, int Index)[] pool = draws.Chance(BalancedShare) ? pools[draws.Next(pools.Length)] : all;
            (FilmViews film, int index) = pool[draws.Next(pool.Length)];
            film.Read(index, bytes);
            ViewAugmentation.Sample(bytes, draws, views.AsSpan(i * FilmViews.ViewBytes, FilmViews.ViewBytes));
            labels[i] = film.Film.Phases[index];
        }

        Tensor input = tensor(views, [options.BatchSize, 3, FrameNetwork.ViewSide, FrameNetwork.ViewSide]);
        return nn.functional.cross_entropy(network.Forward(input, Dropout), tensor(labels), label_smoothing: LabelSmoothing);
    }
}
