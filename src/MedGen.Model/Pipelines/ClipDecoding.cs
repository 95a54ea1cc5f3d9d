using MedGen.Sdk.Frames;
using MedGen.Model.Autoencoders;
using MedGen.Torch.Memory;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// The frames of one generation on their way out of its latents, piece by piece. What it keeps between pieces belongs to no dispose scope.
/// </summary>
internal sealed class ClipDecoding : IDisposable
{
    // 256 × 256 px: below, there is little to give back.
    private const long LargeLatent = 32 * 32;

    private readonly IEnumerator<Tensor?> _pieces;
    private readonly bool _isLarge;
    private readonly double _fps;
    private readonly int _total;
    private int _done;

    /// <summary>Begins.</summary>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="latents">[1, C, F, H, W]; they must outlive this.</param>
    /// <param name="tiling">The tiles; null: whole frames.</param>
    /// <param name="fps">Frames a second, for the frames' times.</param>
    public ClipDecoding(WanAutoencoder autoencoder, Tensor latents, TilingOptions? tiling, double fps)
    {
        _fps = fps;
        _isLarge = latents.size(3) * latents.size(4) >= LargeLatent;
        if (tiling is null)
        {
            _total = (int)latents.size(2);
            _pieces = autoencoder.DecodeChunks(latents).GetEnumerator();
        }
        else
        {
            TiledDecoding tiled = new(autoencoder, tiling);
            _total = tiled.Pieces(latents);
            _pieces = tiled.Decode(latents).GetEnumerator();
        }
    }

    /// <summary>How much of the work is done, 0 to 1.</summary>
    public double Share => Math.Min(1, (double)_done / _total);

    /// <summary>Frames that are out.</summary>
    public int FramesDone { get; private set; }

    /// <summary>Does the next piece.</summary>
    /// <returns>Frames that are finished now, in order; none while there are only tiles. The caller owns them.</returns>
    public IReadOnlyList<VideoFrame> Step()
    {
        _pieces.MoveNext();
        _done++;
        IReadOnlyList<VideoFrame> frames = _pieces.Current is { } chunk ? FramePixels.ToFrames(chunk, FramesDone, _fps) : [];
        FramesDone += frames.Count;
        return frames;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _pieces.Dispose();
        if (_isLarge)
        {
            HeapTrim.Run();
        }
    }
}
