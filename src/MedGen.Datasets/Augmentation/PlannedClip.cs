using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Augmentation;

/// <summary>A clip that is to be tried.</summary>
/// <param name="Id">Unique in the run: the class's slug and a running number.</param>
/// <param name="Class">The class.</param>
/// <param name="Method">Index of the method in the specification.</param>
/// <param name="Source">Training clip of the class.</param>
/// <param name="Partner">Another training clip; null: there is no other.</param>
/// <param name="Seed">Seed of everything that is drawn for it.</param>
internal sealed record PlannedClip(string Id, ClassTarget Class, int Method, DecodedClip Source, DecodedClip? Partner, long Seed);
