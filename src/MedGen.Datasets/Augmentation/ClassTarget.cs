namespace MedGen.Datasets.Augmentation;

/// <summary>How many clips are to be made for a class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Slug">Its name in paths: lower-case letters, digits and hyphens, unique.</param>
/// <param name="Real">Real training clips.</param>
/// <param name="Wanted">Clips to be made and kept.</param>
public sealed record ClassTarget(string Name, string Slug, int Real, int Wanted);
