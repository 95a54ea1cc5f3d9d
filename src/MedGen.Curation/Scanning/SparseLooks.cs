using MedGen.Curation.Networks;
using MedGen.Curation.Specifications;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Scanning;

/// <summary>
/// What the network says of each second, without a look at each: every few seconds and after a cut it looks, and only where it finds something else
/// than at the look before it looks at the seconds between them. Their small pictures wait here until then.
/// </summary>
internal sealed class SparseLooks(IFrameNetwork network, CurationSpec spec)
{
    // A network that answers nothing costs nothing.
    private readonly int _stride = network.Answers ? spec.Scan.LookSeconds : 1;
    private readonly List<SecondLook> _seconds = [];
    private readonly Queue<VideoFrame> _waiting = [];
    private FrameLook? _before;
    private bool _isCut;

    /// <summary>A second that was begun.</summary>
    /// <param name="second">From 0.</param>
    public SecondLook this[int second] => _seconds[second];

    /// <summary>Takes the change of a frame, before the second that begins with it.</summary>
    /// <param name="content">Since the frame before, 0 to 255.</param>
    public void Changed(double content) => _isCut |= content >= spec.Shots.Content;

    /// <summary>Begins a second.</summary>
    /// <param name="frame">Its first frame; not kept.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task BeginAsync(VideoFrame frame, CancellationToken cancellationToken)
    {
        if (_before is not null && !_isCut && _waiting.Count + 1 < _stride)
        {
            _waiting.Enqueue(VideoFrame.WrapIn(frame.Pixels.ToArray(), frame.Format, frame.Width, frame.Height));
            return;
        }

        _isCut = false;
        FrameLook look = await network.LookAsync(frame, cancellationToken).ConfigureAwait(false);
        await ReachAsync(look, cancellationToken).ConfigureAwait(false);
        Add(look);
    }

    /// <summary>Ends the last second.</summary>
    /// <param name="cancellationToken">Stops.</param>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        VideoFrame[] waiting = [.. _waiting];
        if (waiting.Length == 0)
        {
            return;
        }

        _waiting.Clear();
        foreach (VideoFrame earlier in waiting.SkipLast(1))
        {
            _waiting.Enqueue(earlier);
        }

        FrameLook look = await network.LookAsync(waiting[^1], cancellationToken).ConfigureAwait(false);
        await ReachAsync(look, cancellationToken).ConfigureAwait(false);
        Add(look);
        waiting[^1].Dispose();
    }

    // Where this look is like the one before, so are the seconds between: each has the answer of the nearer one.
    private async Task ReachAsync(FrameLook look, CancellationToken cancellationToken)
    {
        double similarity = _before is null ? 1 : network.Similarity(_before, look);
        FrameAnswer? earlier = _before?.Answer;
        int count = _waiting.Count;
        for (int i = 0; i < count; i++)
        {
            using VideoFrame waiting = _waiting.Dequeue();
            if (similarity < spec.Coherence.MinSimilarity)
            {
                Add(await network.LookAsync(waiting, cancellationToken).ConfigureAwait(false));
            }
            else
            {
                _seconds.Add(new SecondLook(similarity, 2 * i < count ? earlier : look.Answer));
            }
        }
    }

    private void Add(FrameLook look)
    {
        _seconds.Add(new SecondLook(_before is null ? 1 : network.Similarity(_before, look), look.Answer));
        _before = look;
    }
}
