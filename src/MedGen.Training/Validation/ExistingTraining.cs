using MedGen.Sdk.Errors;

namespace MedGen.Training.Validation;

/// <summary>The one answer to an output folder that holds a training nobody asked to go on with.</summary>
internal static class ExistingTraining
{
    /// <summary>Says so.</summary>
    /// <param name="folder">The output folder.</param>
    /// <returns>The error, for the caller to throw.</returns>
    public static FailedPreconditionException Refuse(string folder) =>
        new("TRAINING_EXISTS", $"'{folder}' holds a training already; go on with --resume, or choose another folder.");
}
