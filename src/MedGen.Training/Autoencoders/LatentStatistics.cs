using MedGen.Model.Autoencoders;
using static TorchSharp.torch;

namespace MedGen.Training.Autoencoders;

/// <summary>
/// Mean and standard deviation of each latent channel over a data set: what the released configuration holds, so that scaled latents have unit
/// variance.
/// </summary>
internal sealed class LatentStatistics(int channels)
{
    // A channel that never changes is not blown up.
    private const double MinStd = 1e-4;

    private readonly double[] _sum = new double[channels];
    private readonly double[] _squares = new double[channels];
    private double _count;

    /// <summary>Adds a clip.</summary>
    /// <param name="autoencoder">The autoencoder, with mean 0 and std 1 in its configuration.</param>
    /// <param name="video">[B, 3, T, H, W] in [-1, 1].</param>
    public void Add(WanAutoencoder autoencoder, Tensor video)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor latents = autoencoder.EncodeDistribution(video).Mean.to(ScalarType.Float64).transpose(0, 1).flatten(1); // [z, values]
        double[] sums = latents.sum(1).cpu().data<double>().ToArray();
        double[] squares = latents.square().sum(1).cpu().data<double>().ToArray();
        for (int channel = 0; channel < channels; channel++)
        {
            _sum[channel] += sums[channel];
            _squares[channel] += squares[channel];
        }

        _count += latents.size(1);
    }

    /// <summary>The configuration with what was measured.</summary>
    public WanAutoencoderConfig Apply(WanAutoencoderConfig config)
    {
        double[] means = [.. _sum.Select(sum => sum / _count)];
        return config with
        {
            LatentMean = [.. means.Select(mean => (float)mean)],
            LatentStd =
                [.. _squares.Select((square, channel) =>
                    (float)Math.Sqrt(Math.Max(MinStd * MinStd, (square / _count) - (means[channel] * means[channel]))))],
        };
    }
}
