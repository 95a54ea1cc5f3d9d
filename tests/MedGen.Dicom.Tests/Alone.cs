namespace MedGen.Dicom.Tests;

/// <summary>Tests that measure the memory of the process: while others run, it is theirs, too.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
