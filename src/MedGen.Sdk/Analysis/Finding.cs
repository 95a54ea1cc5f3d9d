using System.Text.Json.Serialization;

namespace MedGen.Sdk.Analysis;

/// <summary>
/// One thing that an analysis found: of an output that the description declares, about a part of a clip. Positions are in px of the clip as displayed
/// (<see cref="Frames.VideoInfo"/>), from its upper left corner, and may be fractions. Plugins cannot add kinds: nobody would read them.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LabelFinding), "labels")]
[JsonDerivedType(typeof(TransitionFinding), "transition")]
[JsonDerivedType(typeof(MeasurementFinding), "measurement")]
[JsonDerivedType(typeof(BoxFinding), "box")]
[JsonDerivedType(typeof(PolygonFinding), "polygon")]
[JsonDerivedType(typeof(MaskFinding), "mask")]
[JsonDerivedType(typeof(KeypointFinding), "keypoints")]
[JsonDerivedType(typeof(TextFinding), "text")]
[JsonDerivedType(typeof(ArtifactFinding), "artifact")]
public abstract record Finding
{
    private protected Finding()
    {
    }

    /// <summary>Name of the output that it belongs to, as the description has it.</summary>
    public required string Output { get; init; }

    /// <summary>Which part of the clip it is about. Default: the whole clip.</summary>
    public FindingScope Scope { get; init; } = FindingScope.Clip;

    /// <summary>Role of the clip that it is about, where an analyzer takes several; null: all of them together, or the only one.</summary>
    public string? Role { get; init; }
}

/// <summary>Which labels hold.</summary>
public sealed record LabelFinding : Finding
{
    /// <summary>
    /// The labels that hold: of an exclusive output exactly one, which may be its abstention label; of any other output any number.
    /// </summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>
    /// Calibrated probability of each label of the output, in the description's order, each in [0, 1]; of an exclusive output their sum is 1 ± 0.001.
    /// Empty: the analyzer gives none.
    /// </summary>
    public IReadOnlyList<double> Probabilities { get; init; } = [];

    /// <summary>Whether the answer may still be taken back; <see cref="LabelState.Unstated"/> where the analyzer looks at each frame alone.</summary>
    public LabelState State { get; init; }

    /// <summary>Since when the labels have held without a break, as presentation time; null: the analyzer does not give it.</summary>
    public TimeSpan? Since { get; init; }
}

/// <summary>One label of an exclusive output has given way to another; its scope is the frame at which that was decided.</summary>
public sealed record TransitionFinding : Finding
{
    /// <summary>The label before.</summary>
    public required string From { get; init; }

    /// <summary>The label after.</summary>
    public required string To { get; init; }

    /// <summary>Presentation time at which the new label probably began; at most that of the frame.</summary>
    public required TimeSpan Onset { get; init; }

    /// <summary>Mean probability of the new label from its onset to the decision, in [0, 1].</summary>
    public required double Confidence { get; init; }
}

/// <summary>A number with its unit.</summary>
public sealed record MeasurementFinding : Finding
{
    /// <summary>The value, in the output's unit and range.</summary>
    public required double Value { get; init; }

    /// <summary>What is known of its error; null: nothing.</summary>
    public ValueInterval? Interval { get; init; }

    /// <summary>How it was measured, in a few words; null: as the description says.</summary>
    public string? Method { get; init; }
}

/// <summary>An interval that holds a value with a stated probability.</summary>
public sealed record ValueInterval
{
    /// <summary>Lower end, at most the value.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end, at least the value.</summary>
    public required double High { get; init; }

    /// <summary>Probability that the true value lies in it, above 0 and below 1.</summary>
    public double Level { get; init; } = 0.95;
}

/// <summary>What is seen at a place of a frame.</summary>
public abstract record RegionFinding : Finding
{
    private protected RegionFinding()
    {
    }

    /// <summary>What it is, one of the output's labels.</summary>
    public required string Label { get; init; }

    /// <summary>How sure the analyzer is, in [0, 1].</summary>
    public required double Score { get; init; }

    /// <summary>
    /// Number of the thing over time: the same in all frames in which it is the same thing, at least 0; null: things are not followed.
    /// </summary>
    public long? Track { get; init; }
}

/// <summary>A rectangle.</summary>
public sealed record BoxFinding : RegionFinding
{
    /// <summary>Left edge in px.</summary>
    public required double X { get; init; }

    /// <summary>Upper edge in px.</summary>
    public required double Y { get; init; }

    /// <summary>Width in px, above 0.</summary>
    public required double Width { get; init; }

    /// <summary>Height in px, above 0.</summary>
    public required double Height { get; init; }
}

/// <summary>A closed outline.</summary>
public sealed record PolygonFinding : RegionFinding
{
    /// <summary>Its corners, 3 to 10,000; the last one is joined to the first.</summary>
    public required IReadOnlyList<ImagePoint> Points { get; init; }
}

/// <summary>A set of pixels.</summary>
public sealed record MaskFinding : RegionFinding
{
    /// <summary>
    /// Lengths of runs over the clip's pixels, row by row: first pixels outside (0 where the first pixel is inside), then inside, then outside, …
    /// Their sum is width · height of the clip.
    /// </summary>
    public required IReadOnlyList<int> Runs { get; init; }
}

/// <summary>Named points of one thing.</summary>
public sealed record KeypointFinding : RegionFinding
{
    /// <summary>The points, 1 to 1,000, each name once.</summary>
    public required IReadOnlyList<Keypoint> Points { get; init; }
}

/// <summary>A point in a picture.</summary>
public sealed record ImagePoint
{
    /// <summary>Distance from the left edge in px.</summary>
    public required double X { get; init; }

    /// <summary>Distance from the upper edge in px.</summary>
    public required double Y { get; init; }
}

/// <summary>A point with a name.</summary>
public sealed record Keypoint
{
    /// <summary>Its name, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is.</summary>
    public required ImagePoint Point { get; init; }

    /// <summary>How sure the analyzer is, in [0, 1].</summary>
    public required double Score { get; init; }
}

/// <summary>Words about the clip.</summary>
public sealed record TextFinding : Finding
{
    /// <summary>The words, 1 to 65,536 characters.</summary>
    public required string Text { get; init; }

    /// <summary>Language as a BCP 47 tag, for instance <c>en</c> or <c>de-AT</c>.</summary>
    public required string Language { get; init; }
}

/// <summary>A file of any kind, for instance a report or a curve. The host stores it as an artifact of the caller's.</summary>
public sealed record ArtifactFinding : Finding
{
    /// <summary>File name, 1 to 255 characters without a folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Media type, for instance <c>application/pdf</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>The content, 1 byte to 64 MiB; empty once the host has stored it.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Id of the stored artifact; null before the host has stored it, and in a live analysis.</summary>
    public string? ArtifactId { get; init; }
}
