using MedGen.Curation.Networks;

namespace MedGen.Curation.Scanning;

/// <summary>What the network says of a second.</summary>
/// <param name="Similarity">
/// Of its features with those of the second before, -1 to 1; of a second that was not looked at, that of the two looks around it.
/// </param>
/// <param name="Answer">Its answer; null: it gives none, or nothing is to be seen.</param>
internal readonly record struct SecondLook(double Similarity, FrameAnswer? Answer);
