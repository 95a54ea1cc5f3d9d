namespace MedGen.Sdk.Analysis;

/// <summary>What an output's findings are.</summary>
public enum OutputKind
{
    /// <summary><see cref="LabelFinding"/>s, and <see cref="TransitionFinding"/>s where the labels are exclusive.</summary>
    Labels,

    /// <summary><see cref="MeasurementFinding"/>s.</summary>
    Measurement,

    /// <summary><see cref="BoxFinding"/>s.</summary>
    Boxes,

    /// <summary><see cref="PolygonFinding"/>s.</summary>
    Polygons,

    /// <summary><see cref="MaskFinding"/>s.</summary>
    Masks,

    /// <summary><see cref="KeypointFinding"/>s.</summary>
    Keypoints,

    /// <summary><see cref="TextFinding"/>s.</summary>
    Text,

    /// <summary><see cref="ArtifactFinding"/>s.</summary>
    Artifact,
}
