using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Analysis;

/// <summary>
/// A plugin's capability to say what clips show. One instance serves all calls, concurrently.
/// </summary>
public interface IVideoAnalyzer
{
    /// <summary>What it takes and what it finds. Answers at once, and the same each time.</summary>
    /// <returns>The description; the host checks it when the plugin is loaded (<see cref="AnalyzerDescription.Check"/>).</returns>
    AnalyzerDescription Describe();

    /// <summary>
    /// Checks what the description cannot say, before a job is made: rules between parameters, a licence, a file. The host has checked the parameters
    /// against the schema already.
    /// </summary>
    /// <param name="request">What is asked. The clips of a stored analysis are not there yet: <see cref="AnalysisRequest.Inputs"/> is empty.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Completes when the request can be served.</returns>
    /// <exception cref="InvalidInputException">It cannot; fields are named as in the request, for instance <c>parameters.dwell</c>.</exception>
    Task ValidateAsync(AnalysisRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Analyses one or several clips. For a live clip the findings of a frame come before the next one is read, and depend on earlier frames only.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">
    /// Ends this analysis and no other. The analyzer has 10 s to obey; then the caller is told that the plugin does not end, and the call is counted
    /// against the plugin.
    /// </param>
    /// <returns>
    /// Any number of <see cref="AnalysisProgress"/>, <see cref="InterimFindings"/> and <see cref="FinalFindings"/>, then one
    /// <see cref="AnalysisCompleted"/>. The host checks each against the description (<see cref="FindingRules"/>).
    /// </returns>
    /// <exception cref="InvalidInputException">The request cannot be served after all.</exception>
    /// <exception cref="MediaException">A clip cannot be decoded, or is not enough.</exception>
    IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, CancellationToken cancellationToken);
}
