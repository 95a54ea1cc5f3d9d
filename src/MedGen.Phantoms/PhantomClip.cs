using MedGen.Sdk.Frames;

namespace MedGen.Phantoms;

/// <summary>A simulated clip: what is true of it, how it reads in words, and its frames.</summary>
public sealed record PhantomClip
{
    /// <summary>What is exactly true of the clip.</summary>
    public required PhantomTruth Truth { get; init; }

    /// <summary>One sentence, as a brief caption of MedVideoCap-55K would say it.</summary>
    public required string BriefCaption { get; init; }

    /// <summary>A few sentences: device and view, anatomy, findings, what moves and how, look of the picture.</summary>
    public required string DetailedCaption { get; init; }

    /// <summary>
    /// The frames in order, RGB24 at the requested size, computed one by one while they are read; whoever takes a frame disposes it. May be
    /// enumerated again, with the same result.
    /// </summary>
    public required IEnumerable<VideoFrame> Frames { get; init; }

    /// <summary>
    /// The things that are seen in the frame of an index from 0, exactly where they were drawn. Empty for kinds that do not say it: so far only
    /// <c>es-colonoscopy</c> does, of its polyp.
    /// </summary>
    public Func<int, IReadOnlyList<PhantomRegion>> RegionsOf { get; init; } = _ => [];
}
