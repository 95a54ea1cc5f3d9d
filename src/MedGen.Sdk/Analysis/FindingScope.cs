using System.Text.Json.Serialization;
using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Analysis;

/// <summary>Which part of a clip a finding is about: <see cref="ClipScope"/>, <see cref="SpanScope"/> or <see cref="FrameScope"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "of")]
[JsonDerivedType(typeof(ClipScope), "clip")]
[JsonDerivedType(typeof(SpanScope), "span")]
[JsonDerivedType(typeof(FrameScope), "frame")]
public abstract record FindingScope
{
    private protected FindingScope()
    {
    }

    /// <summary>The whole clip.</summary>
    public static FindingScope Clip { get; } = new ClipScope();

    /// <summary>A part of the clip.</summary>
    /// <param name="start">Presentation time where it begins.</param>
    /// <param name="end">Presentation time where it ends; after <paramref name="start"/>.</param>
    public static FindingScope Span(TimeSpan start, TimeSpan end) => new SpanScope { Start = start, End = end };

    /// <summary>One frame.</summary>
    /// <param name="frame">The frame; only its index and time are taken.</param>
    public static FindingScope Frame(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Frame(frame.Index, frame.Timestamp);
    }

    /// <summary>One frame.</summary>
    /// <param name="index">Zero-based position of the frame in its source.</param>
    /// <param name="timestamp">Presentation time of the frame.</param>
    public static FindingScope Frame(long index, TimeSpan timestamp) => new FrameScope { Index = index, Timestamp = timestamp };
}

/// <summary>The whole clip.</summary>
public sealed record ClipScope : FindingScope;

/// <summary>A part of a clip. Spans may overlap.</summary>
public sealed record SpanScope : FindingScope
{
    /// <summary>Presentation time where it begins, at least 0.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>Presentation time where it ends; after <see cref="Start"/>.</summary>
    public required TimeSpan End { get; init; }
}

/// <summary>One frame.</summary>
public sealed record FrameScope : FindingScope
{
    /// <summary>Zero-based position of the frame in its source.</summary>
    public required long Index { get; init; }

    /// <summary>Presentation time of the frame, at least 0.</summary>
    public required TimeSpan Timestamp { get; init; }
}
