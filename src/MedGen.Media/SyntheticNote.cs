using System.Text.RegularExpressions;
using MedGen.Abstractions.Errors;

namespace MedGen.Media;

/// <summary>The sentence that every file made by the platform carries in its metadata.</summary>
public static partial class SyntheticNote
{
    /// <summary>What the provenance ids of simulated frames start with: no model made them, and their note says so.</summary>
    public const string SimulatedPrefix = "phantom:";

    /// <summary>Builds the note.</summary>
    /// <param name="provenanceId">1 to 128 letters, digits and <c>. _ : -</c>; one with <see cref="SimulatedPrefix"/> is of simulated frames.</param>
    /// <returns>One line of ASCII text.</returns>
    /// <exception cref="InvalidInputException">The id has other characters or another length.</exception>
    public static string For(string provenanceId)
    {
        ArgumentNullException.ThrowIfNull(provenanceId);
        return Allowed().IsMatch(provenanceId)
            ? $"synthetic: made by a {(provenanceId.StartsWith(SimulatedPrefix, StringComparison.Ordinal) ? "simulator" : "generative model")}, not a recording of a patient; provenance={provenanceId}"
            : throw new InvalidInputException("provenance_id", $"{provenanceId.Length} characters got; 1 to 128 letters, digits and . _ : - are allowed.");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._:-]{1,128}\z")]
    private static partial Regex Allowed();
}
