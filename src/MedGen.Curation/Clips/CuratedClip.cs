using System.Text.Json.Serialization;
using MedGen.Media.Cutting;

namespace MedGen.Curation.Clips;

/// <summary>A piece of a film on its way through the stages.</summary>
internal sealed record CuratedClip
{
    /// <summary>First moment in s from the start of the film.</summary>
    public required double Start { get; init; }

    /// <summary>Moment after the last frame, in s.</summary>
    public required double End { get; init; }

    /// <summary>Stages that it has been through.</summary>
    public int Passed { get; init; }

    /// <summary>The stage that dropped it; null: none has.</summary>
    public string? RejectedBy { get; init; }

    /// <summary>Why, with the figure and the limit.</summary>
    public string? Reason { get; init; }

    /// <summary>What the stages measured, by name.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>What a detector flagged and the specification keeps.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The crop that takes black borders away; null: there are none.</summary>
    public PictureCrop? Crop { get; init; }

    /// <summary>Whether the crop was made.</summary>
    public bool IsCropped { get; init; }

    /// <summary>The file, relative to the output folder, with forward slashes; null: not cut yet.</summary>
    public string? File { get; init; }

    /// <summary><c>copy</c> or <c>encode</c>; null: not cut yet.</summary>
    public string? Cut { get; init; }

    /// <summary>DICOM code of the modality; <c>unknown</c>: the classifier abstained; null: it was not asked.</summary>
    public string? Modality { get; init; }

    /// <summary>The camera's motion in words; null: not known.</summary>
    public string? CameraMotion { get; init; }

    /// <summary>Category in MedVideoCap's words; null: not known.</summary>
    public string? Category { get; init; }

    /// <summary>The captions; null: not written yet.</summary>
    public ClipCaption? Caption { get; init; }

    /// <summary>Its length in s.</summary>
    [JsonIgnore]
    public double Seconds => End - Start;

    /// <summary>Whether no stage has dropped it.</summary>
    [JsonIgnore]
    public bool IsAlive => RejectedBy is null;

    /// <summary>The same with a figure more.</summary>
    public CuratedClip With(string name, double value) => this with { Scores = new Dictionary<string, double>(Scores) { [name] = value } };

    /// <summary>The same, dropped.</summary>
    public CuratedClip Reject(string stage, FormattableString reason) =>
        this with { RejectedBy = stage, Reason = FormattableString.Invariant(reason) };
}
