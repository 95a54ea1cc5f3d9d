namespace MedGen.Datasets.Ratings;

/// <summary>A clip that people rate.</summary>
/// <param name="System">Who made it.</param>
/// <param name="Name">Its file below the system's folder.</param>
/// <param name="Path">The file.</param>
public sealed record RatedClip(string System, string Name, string Path);
