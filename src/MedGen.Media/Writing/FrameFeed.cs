using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Media.Writing;

/// <summary>The frames to be written, one at a time: the first is looked at before the encoder starts, the others must have its size.</summary>
internal sealed class FrameFeed(IAsyncEnumerable<VideoFrame> frames, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<VideoFrame> _frames = frames.GetAsyncEnumerator(cancellationToken);
    private VideoFrame? _first;
    private VideoFrame? _current;
    private long _taken;
    private int _width;
    private int _height;

    /// <summary>The first frame, which <see cref="NextAsync"/> gives again.</summary>
    public async Task<VideoFrame> FirstAsync()
    {
        if (!await _frames.MoveNextAsync().ConfigureAwait(false))
        {
            throw new InvalidInputException("frames", "no frame got; at least one is needed.");
        }

        _first = _frames.Current;
        (_width, _height) = (_first.Width, _first.Height);
        return _first;
    }

    /// <summary>The next frame, valid until the next call; null at the end.</summary>
    public async Task<VideoFrame?> NextAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        _current?.Dispose();
        _current = _first ?? (await _frames.MoveNextAsync().ConfigureAwait(false) ? _frames.Current : null);
        _first = null;
        if (_current is not null && (_current.Width, _current.Height) != (_width, _height))
        {
            throw new InvalidInputException(
                "frames", $"frame {_taken} is {_current.Width}x{_current.Height} px; all must be {_width}x{_height} px like the first.");
        }

        if (_current is { Format: not FrameFormat.Rgb24 and var format })
        {
            throw new InvalidInputException("frames", $"frame {_taken} is in {format}; allowed: {FrameFormat.Rgb24}.");
        }

        _taken++;
        return _current;
    }

    public async ValueTask DisposeAsync()
    {
        _first?.Dispose();
        _current?.Dispose();
        await _frames.DisposeAsync().ConfigureAwait(false);
    }
}
