using static TorchSharp.torch;

namespace MedGen.Model.Autoencoders;

/// <summary>
/// A stage of Wan 2.2's autoencoder: the layers of one size with a shortcut beside them that has no weights (Down_ResidualBlock and Up_ResidualBlock
/// of wan/modules/vae2_2.py).
/// </summary>
/// <param name="name">Name of the stage, <c>downsamples.S</c> or <c>upsamples.S</c>.</param>
/// <param name="layers">Its layers.</param>
/// <param name="shortcut">From the stage's input to the size of its output; null: there is none.</param>
internal sealed class ResidualStage(string name, LayerSequence layers, ILayer? shortcut) : ILayer
{
    public Tensor Forward(Tensor x, FeatureCache cache) => Forward(x, cache, observe: null);

    /// <summary>As <see cref="ILayer.Forward"/>, with a look inside.</summary>
    public Tensor Forward(Tensor x, FeatureCache cache, Action<string, Tensor>? observe)
    {
        using var scope = NewDisposeScope();
        Tensor result = layers.Forward(x.alias(), cache, observe);
        if (shortcut is null)
        {
            return result.MoveToOuterDisposeScope();
        }

        Tensor straight = shortcut.Forward(x, cache);
        observe?.Invoke($"{name}.avg_shortcut", straight);
        return (result.requires_grad || straight.requires_grad ? result + straight : result.add_(straight)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Means over groups of channels and of the pixels and frames that become one (AvgDown3D): zero frames stand in front where the frames are not a
/// multiple. With a factor of 1 and as many channels out as in, nothing is changed.
/// </summary>
/// <param name="outChannels">Channels out; they divide channels in · <paramref name="time"/> · <paramref name="space"/>².</param>
/// <param name="time">Frames that become one: 1 or 2.</param>
/// <param name="space">Rows, and columns, that become one: 1 or 2.</param>
internal sealed class AverageDown(long outChannels, long time, long space) : ILayer
{
    public Tensor Forward(Tensor x, FeatureCache cache)
    {
        using var scope = NewDisposeScope();
        (long batch, long channels, long frames, long height, long width) = (x.size(0), x.size(1), x.size(2), x.size(3), x.size(4));
        long missing = (time - (frames % time)) % time;
        Tensor whole = missing == 0 ? x : cat([x.new_zeros([batch, channels, missing, height, width]), x], 2); // [B, C, time · T', H, W]
        frames = (frames + missing) / time;
        Tensor pieces = whole.reshape(batch, channels, frames, time, height / space, space, width / space, space)
            .permute(0, 1, 3, 5, 7, 2, 4, 6); // [B, C, time, space, space, T', H', W']
        return pieces.reshape(batch, outChannels, channels * time * space * space / outChannels, frames, height / space, width / space)
            .mean([2L]).MoveToOuterDisposeScope(); // [B, C', T', H', W']
    }
}

/// <summary>
/// Each value copied to the pixels and frames that it becomes (DupUp3D). Of the first chunk only the last of the copied frames is there: the first
/// frame stays one.
/// </summary>
/// <param name="outChannels">Channels out; channels in divide this · <paramref name="time"/> · <paramref name="space"/>².</param>
/// <param name="time">Frames that one becomes: 1 or 2.</param>
/// <param name="space">Rows, and columns, that one becomes: 1 or 2.</param>
internal sealed class CopyUp(long outChannels, long time, long space) : ILayer
{
    public Tensor Forward(Tensor x, FeatureCache cache)
    {
        using var scope = NewDisposeScope();
        (long batch, long channels, long frames, long height, long width) = (x.size(0), x.size(1), x.size(2), x.size(3), x.size(4));
        Tensor copies = x.repeat_interleave(outChannels * time * space * space / channels, dim: 1) // [B, C' · time · space², T, H, W]
            .reshape(batch, outChannels, time, space, space, frames, height, width);
        Tensor large = copies.permute(0, 1, 5, 2, 6, 3, 7, 4)
            .reshape(batch, outChannels, frames * time, height * space, width * space); // [B, C', T', H', W']
        bool isFirst = cache.Begin(this);
        return (isFirst ? large.narrow(2, time - 1, (frames * time) - (time - 1)) : large).MoveToOuterDisposeScope();
    }
}
