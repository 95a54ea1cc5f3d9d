using System.ComponentModel.DataAnnotations;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Frames;

namespace MedGen.Training.Recipes;

/// <summary>One stage of a curriculum.</summary>
public sealed record StageRecipe
{
    /// <summary>Name for the log, up to 64 characters.</summary>
    [StringLength(64, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Optimiser steps. 1 to 100,000,000.</summary>
    [Range(1, 100_000_000)]
    public required int Steps { get; init; }

    /// <summary>Clips a forward pass. 1 to 4096.</summary>
    [Range(1, 4096)]
    public required int Batch { get; init; }

    /// <summary>Forward passes an optimiser step; gradients are averaged. 1 to 1024; default 1.</summary>
    [Range(1, 1024)]
    public int Accumulate { get; init; } = 1;

    /// <summary>Width in px, a multiple of 16 from 32 to 1024; a <c>text</c> run, which sees no pictures, has none.</summary>
    [Range(0, 1024)]
    public int Width { get; init; }

    /// <summary>Height in px, as <see cref="Width"/>.</summary>
    [Range(0, 1024)]
    public int Height { get; init; }

    /// <summary>Frames, 4k + 1 from 1 to 257; 1: stills. Default 1. Clips with fewer are left out of the stage.</summary>
    [Range(1, GenerationLimits.MaxFrames)]
    public int NumFrames { get; init; } = 1;

    /// <summary>Frames per second that clips are read at. 1 to 60; default 8.</summary>
    [Range(1.0, 60.0)]
    public double FramesPerSecond { get; init; } = 8;

    /// <summary>Shape that clips are read at.</summary>
    internal ClipShape Shape => new() { Width = Width, Height = Height, NumFrames = NumFrames, FramesPerSecond = FramesPerSecond };

    /// <summary>Weight of each source by name; how often a source is drawn is its share of the sum.</summary>
    [MinLength(1)]
    public required IReadOnlyDictionary<string, double> Mix { get; init; }

    /// <summary>Which captions the model sees. Default mixed.</summary>
    public CaptionDetail Captions { get; init; } = CaptionDetail.Mixed;

    /// <summary><c>autoencoder</c>: side in px of the square crops that it trains on, a multiple of 8; null: whole pictures.</summary>
    [Range(16, 1024)]
    public int? Crop { get; init; }

    /// <summary><c>autoencoder</c>: share of the batches that are single frames. 0 to 1; default 0.25.</summary>
    [Range(0.0, 1.0)]
    public double StillShare { get; init; } = 0.25;
}
