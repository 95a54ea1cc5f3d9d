namespace MedGen.Curation.Clips;

/// <summary>What a captioner wrote of a clip.</summary>
public sealed record ClipCaption
{
    /// <summary>A sentence.</summary>
    public required string Brief { get; init; }

    /// <summary>All that is seen, in words.</summary>
    public required string Detailed { get; init; }

    /// <summary>Who wrote it: <c>rules</c>, or the model and its address.</summary>
    public required string Captioner { get; init; }

    /// <summary>The prompt of the detailed caption; null: rules wrote it.</summary>
    public string? DetailedPrompt { get; init; }

    /// <summary>The prompt of the brief caption; null: rules wrote it.</summary>
    public string? BriefPrompt { get; init; }
}
