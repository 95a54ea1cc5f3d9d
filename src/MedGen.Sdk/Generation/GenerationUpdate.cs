using MedGen.Sdk.Frames;

namespace MedGen.Sdk.Generation;

/// <summary>
/// What a running generation says: <see cref="GenerationWarning"/>, <see cref="GenerationProgress"/>, <see cref="GenerationPreview"/>, then
/// <see cref="GeneratedFrames"/> until all frames are out. More kinds may be added: pass on, or pass over, what you do not know.
/// </summary>
public abstract record GenerationUpdate;

/// <summary>The clip may be other than was asked for. Comes before the first frames.</summary>
public sealed record GenerationWarning : GenerationUpdate
{
    /// <summary>What is the matter, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Words of the prompt that the model was not trained on, in lower case; empty when the warning is about something else.</summary>
    public IReadOnlyList<string> UnknownWords { get; init; } = [];
}

/// <summary>A part of the work is done.</summary>
public sealed record GenerationProgress : GenerationUpdate
{
    /// <summary>Which part of the pipeline is running.</summary>
    public required GenerationStage Stage { get; init; }

    /// <summary>Units of the stage that are done: steps while denoising, frames while decoding.</summary>
    public required int Completed { get; init; }

    /// <summary>Units of the stage in all.</summary>
    public required int Total { get; init; }

    /// <summary>Place among the generations that wait, from 1; 0: it is at work.</summary>
    public int Position { get; init; }

    /// <summary>When it will probably be done, if no other work comes; null: nobody knows yet.</summary>
    public TimeSpan? TimeLeft { get; init; }
}

/// <summary>A rough picture of what is coming.</summary>
public sealed record GenerationPreview : GenerationUpdate
{
    /// <summary>Denoising steps done when it was made.</summary>
    public required int Step { get; init; }

    /// <summary>The picture; the receiver owns it.</summary>
    public required VideoFrame Frame { get; init; }
}

/// <summary>Finished frames, in order; several of these make up the clip.</summary>
public sealed record GeneratedFrames : GenerationUpdate
{
    /// <summary>The next frames of the clip; the receiver owns them.</summary>
    public required IReadOnlyList<VideoFrame> Frames { get; init; }
}
