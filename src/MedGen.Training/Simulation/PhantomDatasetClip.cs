using MedGen.Phantoms;

namespace MedGen.Training.Simulation;

/// <summary>One clip of a simulated data set.</summary>
/// <param name="FileName">Relative to the data set's folder, with forward slashes.</param>
/// <param name="Split"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
/// <param name="Phantom">The simulator.</param>
/// <param name="Request">What it is asked for.</param>
internal sealed record PhantomDatasetClip(string FileName, string Split, IPhantom Phantom, PhantomRequest Request);
