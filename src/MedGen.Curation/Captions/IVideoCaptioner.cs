using MedGen.Curation.Clips;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Captions;

/// <summary>Writes a brief and a detailed caption of a clip.</summary>
public interface IVideoCaptioner
{
    /// <summary>Describes a clip.</summary>
    /// <param name="request">Frames and what is known of the clip.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Both captions, and the prompts that were used.</returns>
    /// <exception cref="Sdk.Errors.UnavailableException">A service does not answer.</exception>
    Task<ClipCaption> DescribeAsync(CaptionRequest request, CancellationToken cancellationToken);
}

/// <summary>What a captioner may know of a clip.</summary>
public sealed record CaptionRequest
{
    /// <summary>Frames spread evenly over the clip, up to eight, at full size; not the captioner's to dispose.</summary>
    public required IReadOnlyList<VideoFrame> Frames { get; init; }

    /// <summary>Length in s.</summary>
    public required double Seconds { get; init; }

    /// <summary>DICOM code of the modality; <c>unknown</c>: the classifier abstained; null: it was not asked.</summary>
    public string? Modality { get; init; }

    /// <summary>Category; null: not known.</summary>
    public string? Category { get; init; }

    /// <summary>Change between neighbouring frames of the scan, in grey levels; null: not measured.</summary>
    public double? Motion { get; init; }

    /// <summary>Title of the film; null: not stated.</summary>
    public string? Title { get; init; }

    /// <summary>Description of the film; null: not stated.</summary>
    public string? Description { get; init; }

    /// <summary>What is said in the film; null: not stated.</summary>
    public string? Transcript { get; init; }
}
