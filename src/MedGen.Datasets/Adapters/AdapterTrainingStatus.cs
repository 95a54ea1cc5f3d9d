namespace MedGen.Datasets.Adapters;

/// <summary>How far a training is.</summary>
/// <param name="Done">Optimiser steps that are done.</param>
/// <param name="Total">Optimiser steps in all.</param>
public sealed record AdapterTrainingStatus(int Done, int Total);
