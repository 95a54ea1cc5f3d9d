using MedGen.Model.Sizing;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Model.Pipelines;

/// <summary>Holds a request to the ranges that <see cref="VideoGenerationRequest"/> states, and to the sizes that a model can make.</summary>
public static class GenerationRequestValidation
{
    /// <summary>Finds everything that is wrong with a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="grid">The sizes that the model can make.</param>
    /// <returns>One violation for each bad field, named in snake_case; empty when the request is good.</returns>
    public static IReadOnlyList<FieldViolation> Violations(VideoGenerationRequest request, ClipGrid grid)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(grid);
        FieldViolation[] sizes =
            [.. grid.Violations(request.Width, request.Height, request.NumFrames, GenerationLimits.MaxSide, GenerationLimits.MaxFrames)];
        Violations violations = new();
        request.Check(violations);

        // What the model says of a size is the narrower rule.
        return [.. violations.Found.Where(found => sizes.All(size => size.Field != found.Field)), .. sizes];
    }

    /// <summary>Throws when anything is wrong with a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="grid">The sizes that the model can make.</param>
    /// <exception cref="InvalidInputException">Names every bad field.</exception>
    public static void ThrowIfInvalid(VideoGenerationRequest request, ClipGrid grid)
    {
        IReadOnlyList<FieldViolation> violations = Violations(request, grid);
        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }
}
