using MedGen.Classifiers.Frames;
using TorchSharp;

namespace MedGen.Classifiers.Networks;

/// <summary>Scores pictures by the mean over views and networks of the log-probabilities: views that disagree give an unsure answer.</summary>
public static class FrameScoring
{
    /// <summary>Scores pictures.</summary>
    /// <param name="networks">At least one, with equal classes, all on <paramref name="device"/>.</param>
    /// <param name="pictures">Any number.</param>
    /// <param name="device">Where the networks are.</param>
    /// <returns>For each picture its mean log-probabilities; null for a flat picture, on which there is nothing to judge.</returns>
    public static IReadOnlyList<IReadOnlyList<double>?> Score(
        IReadOnlyList<FrameNetwork> networks, IReadOnlyList<FramePicture> pictures, torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(pictures);
        var scores = new IReadOnlyList<double>?[pictures.Count];
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        for (int i = 0; i < pictures.Count; i++)
        {
            if (pictures[i].IsFlat)
            {
                continue;
            }

            using var pictureScope = torch.NewDisposeScope();
            torch.Tensor views = FrameViews.Of([pictures[i]], FrameNetwork.ViewSide).to(device); // [views, 3, side, side]
            torch.Tensor sum = torch.zeros(networks[0].Classes, device: device);
            foreach (FrameNetwork network in networks)
            {
                sum = sum + torch.nn.functional.log_softmax(network.Forward(views), dim: 1).mean([0]); // [classes]
            }

            float[] values = (sum / networks.Count).cpu().data<float>().ToArray();
            scores[i] = [.. values.Select(v => (double)v)];
        }

        return scores;
    }
}
