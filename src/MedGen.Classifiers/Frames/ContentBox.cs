namespace MedGen.Classifiers.Frames;

/// <summary>The part of a frame that shows something, without borders, margins and text beside the picture.</summary>
/// <param name="Left">First column, in px.</param>
/// <param name="Top">First row, in px.</param>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct ContentBox(int Left, int Top, int Width, int Height);
