namespace MedGen.Training.Tokenization;

/// <summary>A piece of a vocabulary.</summary>
/// <param name="Text">Its text, in which U+2581 stands for a space.</param>
/// <param name="Score">Its log probability.</param>
internal readonly record struct VocabularyPiece(string Text, float Score);
