namespace MedGen.Training.Procedures;

/// <summary>One procedure of a written data set; a line of <c>procedures.jsonl</c>.</summary>
/// <param name="Name">For instance <c>video01</c>.</param>
/// <param name="Seed">Seed of the procedure.</param>
/// <param name="Appearance">Range from which its appearance is drawn.</param>
/// <param name="Seconds">Length in s.</param>
/// <param name="Frames">Frames of the video; 0 when none was rendered.</param>
/// <param name="FramesPerSecond">Frames of the video in a second; 0 when none was rendered.</param>
/// <param name="Size">Width and height of the video in px; 0 when none was rendered.</param>
/// <param name="Phases">Its phases in order.</param>
/// <param name="Deviations">Departures from the workflow graph, for instance <c>Return to ClippingCutting at 1204 s</c>.</param>
public sealed record ProcedureRecord(
    string Name, int Seed, string Appearance, int Seconds, long Frames, double FramesPerSecond, int Size, IReadOnlyList<string> Phases,
    IReadOnlyList<string> Deviations);
