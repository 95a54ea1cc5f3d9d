using MedGen.Application.Jobs;

namespace MedGen.Application.Curation;

/// <summary>A data set was made out of films; it lies in the output folder that was asked for.</summary>
public sealed record VideosCurated : JobEventPayload
{
    /// <summary>Most warnings that are told; the dataset card has all.</summary>
    public const int MostWarnings = 50;

    /// <summary>Films of the input folder.</summary>
    public required int Films { get; init; }

    /// <summary>Clips in the data set.</summary>
    public required int Clips { get; init; }

    /// <summary>Their length in s.</summary>
    public required double Seconds { get; init; }

    /// <summary>Clips by split.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>The funnel, line by line.</summary>
    public required IReadOnlyList<CurationStep> Funnel { get; init; }

    /// <summary>Films that need a look, in words, <see cref="MostWarnings"/> at most; file names are named without folders.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
