using MedGen.Sdk.Frames;
using MedGen.Model.Autoencoders;
using MedGen.Training.Clips;
using MedGen.Training.Running;
using static TorchSharp.torch;

namespace MedGen.Training.Flow;

/// <summary>Encodes clips once and keeps their scaled latents on disk, named by their content and the autoencoder's hash.</summary>
/// <param name="autoencoder">The autoencoder, in float32.</param>
/// <param name="hash">Identity of its files.</param>
/// <param name="device">Where it computes.</param>
/// <param name="cache">Where latents are kept.</param>
internal sealed class LatentPreparation(WanAutoencoder autoencoder, string hash, Device device, CacheFolder cache)
{
    private const int ClipsAtOnce = 4;

    /// <summary>Encodes what is not in the cache.</summary>
    /// <param name="clips">Clips of one shape.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops at the next few clips.</param>
    /// <returns>An item for each clip.</returns>
    public IReadOnlyList<FlowItem> Prepare(IReadOnlyList<PreparedClip> clips, Action<int> progress, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        (PreparedClip Clip, string Path)[] all = [.. clips.Select(clip => (clip, cache.PathOf($"latents {hash} {clip.Key}")))];
        (PreparedClip Clip, string Path)[] missing = [.. all.Where(pair => !File.Exists(pair.Path))];
        int done = all.Length - missing.Length;
        foreach ((PreparedClip Clip, string Path)[] group in missing.Chunk(ClipsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Encode(group);
            progress(done += group.Length);
        }

        return [.. all.Select(pair => FlowItem.Of(pair.Clip.Clip, pair.Path))];
    }

    private void Encode((PreparedClip Clip, string Path)[] group)
    {
        using var scope = NewDisposeScope();
        ClipShape shape = group[0].Clip.Shape;
        byte[] pixels = new byte[group.Length * shape.Bytes];
        for (int i = 0; i < group.Length; i++)
        {
            File.ReadAllBytes(group[i].Clip.Path).CopyTo(pixels, i * shape.Bytes);
        }

        Tensor latents = autoencoder.Encode(PixelTensors.ToVideo(pixels, group.Length, shape.NumFrames, shape.Height, shape.Width, device))
            .cpu(); // [B, z, T, H/8, W/8]
        for (int i = 0; i < group.Length; i++)
        {
            CacheFolder.Write(group[i].Path, latents.select(0, i).contiguous().data<float>().ToArray());
        }
    }
}
