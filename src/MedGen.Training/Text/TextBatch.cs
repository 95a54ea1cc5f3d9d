namespace MedGen.Training.Text;

/// <summary>Captions and what is true of their clips.</summary>
/// <param name="Captions">Captions of B clips.</param>
/// <param name="Understood">Captions of the same clips as a base understands them; where a caption is left out, the same in both.</param>
/// <param name="Answers">For each caption the index of the value of each fact, [B, facts] in row order; <see cref="FactLayout.Unknown"/> where
/// nothing is known.</param>
internal sealed record TextBatch(string[] Captions, string[] Understood, long[] Answers);
