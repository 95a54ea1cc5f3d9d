namespace MedGen.Sdk.Augmentation;

/// <summary>
/// The adapter (LoRA) of the resident model that a method works with: a <see cref="NamedAdapter"/> or a <see cref="TrainedAdapter"/>.
/// </summary>
public abstract record AdapterNeed;

/// <summary>An adapter that the host has already.</summary>
public sealed record NamedAdapter : AdapterNeed
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}

/// <summary>An adapter that the host trains on the training split, and on nothing else, before the first clip of the method is made.</summary>
public sealed record TrainedAdapter : AdapterNeed
{
    /// <summary>What one adapter is trained on.</summary>
    public required AdapterScope Scope { get; init; }

    /// <summary>Optimiser steps of each adapter, 1 to 1,000,000.</summary>
    public required int Steps { get; init; }

    /// <summary>Rank of the update, 1 to 512.</summary>
    public required int Rank { get; init; }

    /// <summary>Highest learning rate, 1e-7 to 1.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Clips of one step, 1 to 4096.</summary>
    public required int BatchSize { get; init; }
}
