namespace MedGen.Training.Procedures;

/// <summary>A data set of simulated cholecystectomies in the layout of Cholec80.</summary>
public sealed record ProcedureDatasetOptions
{
    /// <summary>Folder to write; must be missing or empty, unless an interrupted run is gone on with.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Number of procedures, 1 to 10,000.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Seed of the data set; procedure n has a seed of its own that follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Frames per second of the videos, above 0, at most 25. Labels are always numbered at Cholec80's 25 per second.</summary>
    public double FramesPerSecond { get; init; } = 1;

    /// <summary>Width and height of the videos in px, 32 to 1024.</summary>
    public int Size { get; init; } = 128;

    /// <summary>Name of the range of appearances: <c>train</c>, <c>validation</c> or <c>test</c>.</summary>
    public string Appearance { get; init; } = "train";

    /// <summary>Factor on the durations of all phases, 0.02 to 5; 1 gives about 40 min a procedure.</summary>
    public double DurationScale { get; init; } = 1;

    /// <summary>Whether videos are rendered; without them only labels are written.</summary>
    public bool Videos { get; init; }

    /// <summary>Whether procedures that an interrupted run with the same options has finished in the folder are kept.</summary>
    public bool Resume { get; init; }
}
