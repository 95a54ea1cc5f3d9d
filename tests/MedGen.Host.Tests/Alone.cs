namespace MedGen.Host.Tests;

/// <summary>Tests beside which no other runs: they look at what a whole process tells, such as its traces.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
