using System.Text.Json.Serialization;

namespace MedGen.Curation.Videos;

/// <summary>A film of the input folder.</summary>
public sealed record SourceVideo
{
    /// <summary>Path in the folder, with forward slashes.</summary>
    public required string FileName { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Size of the file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Width in px as displayed.</summary>
    public int Width { get; init; }

    /// <summary>Height in px as displayed.</summary>
    public int Height { get; init; }

    /// <summary>Mean frame rate in frames per second.</summary>
    public double FrameRate { get; init; }

    /// <summary>Duration in s.</summary>
    public double Seconds { get; init; }

    /// <summary>Codec, for instance <c>h264</c>.</summary>
    public string Codec { get; init; } = "";

    /// <summary>Whether the container asks for a rotation.</summary>
    public bool IsRotated { get; init; }

    /// <summary>What the list beside the films says of it, by column.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The stage that dropped the whole film; null: none has.</summary>
    public string? RejectedBy { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>What must not be in two splits: the patient, where the list names one, else the film's content.</summary>
    [JsonIgnore]
    public string Group => Columns.TryGetValue("patient_id", out string? patient) ? patient : Sha256;

    /// <summary>Name of its files in the output folder.</summary>
    internal string Id => $"{Path.GetFileNameWithoutExtension(FileName)
        .Aggregate("", (name, c) => name.Length < 40 ? name + (char.IsAsciiLetterOrDigit(c) ? c : '-') : name)}-{Sha256[..8]}";

    /// <summary>A column of the list.</summary>
    /// <param name="name">The column.</param>
    /// <returns>Its cell; null: there is none.</returns>
    public string? Column(string name) => Columns.GetValueOrDefault(name);
}
