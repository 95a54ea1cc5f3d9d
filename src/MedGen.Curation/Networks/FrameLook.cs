namespace MedGen.Curation.Networks;

/// <summary>What a network saw in a frame.</summary>
/// <param name="Features">Its features, of the network's own kind.</param>
/// <param name="Answer">Its answer; null: it gives none, or nothing is to be seen.</param>
internal sealed record FrameLook(float[] Features, FrameAnswer? Answer);

/// <summary>What a network says of a frame.</summary>
/// <param name="Medical">Probability that the frame shows something medical.</param>
/// <param name="LogProbabilities">Log-probability of each modality, then that of none of them.</param>
/// <param name="Distance">Squared Mahalanobis distance from the nearest modality.</param>
internal sealed record FrameAnswer(double Medical, IReadOnlyList<double> LogProbabilities, double Distance);
