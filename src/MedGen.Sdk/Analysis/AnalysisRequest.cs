using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Analysis;

/// <summary>What a caller wants to be analysed, and how.</summary>
public sealed record AnalysisRequest
{
    /// <summary>The clips, in the order of the description's inputs.</summary>
    public IReadOnlyList<InputClip> Inputs { get; init; } = [];

    /// <summary>
    /// Parameters as a JSON object that keeps the schema of <see cref="AnalyzerDescription.ParametersSchema"/>. Default: none.
    /// </summary>
    public string Parameters { get; init; } = ParameterSchema.NoParameters;

    /// <summary>The first clip, for analyzers with one input.</summary>
    /// <exception cref="InvalidOperationException">There is none: the request is only being checked.</exception>
    public IVideoClip Clip => Inputs.Count > 0 ? Inputs[0].Clip : throw new InvalidOperationException("The request holds no clip.");

    /// <summary>The parameters as a record that <see cref="ParameterSchema.Of"/> made the schema of.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <returns>The parameters; what is not given has the record's default.</returns>
    /// <exception cref="Errors.InvalidInputException">The text is no JSON of this record.</exception>
    public T ReadParameters<T>()
        where T : class => ParameterSchema.Read<T>(Parameters);
}

/// <summary>A clip and what it is in the analysis.</summary>
public sealed record InputClip
{
    /// <summary>Role of the clip, one of the description's inputs.</summary>
    public required string Role { get; init; }

    /// <summary>The clip; the analyzer reads the frames that it wants.</summary>
    public required IVideoClip Clip { get; init; }
}
