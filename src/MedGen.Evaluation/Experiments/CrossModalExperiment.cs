using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Experiments;

/// <summary>
/// From reports to imaging clips: a study and a sentence of its report become a prompt; does the clip have the study's modality, and its anatomy or
/// finding?
/// </summary>
/// <param name="media">Reader and writer.</param>
public sealed class CrossModalExperiment(ExperimentMedia media)
{
    /// <summary>Runs it.</summary>
    /// <param name="task">Model, judge, limit.</param>
    /// <param name="reports">JSON file with the sentences (docs/benchmark.md); null: those that come along.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops; finished clips stay.</param>
    /// <returns>What was found; the report lies in the output folder.</returns>
    /// <exception cref="InvalidInputException">Task or sentences are wrong.</exception>
    public async Task<ExperimentResult> RunAsync(
        ExperimentTask task, string? reports, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(progress);
        IReadOnlyList<ReportSentence> sentences = ReportSentence.Read(reports);
        ExperimentPrompt[] prompts = [.. sentences.Select(one => new ExperimentPrompt(one.Kind, one.ToPrompt(), new Concept(one.Kind, one.Label)))];
        ExperimentClips clips = await ExperimentClips.MakeAsync(task, prompts, media, (what, share) => progress(what, 0.7 * share), cancellationToken)
            .ConfigureAwait(false);
        progress("recognising", 0.7);
        using JudgedConcepts judged = new(task);
        ExperimentResult result = new()
        {
            Name = "cross-modal",
            Question = "Does a clip made from a sentence of a report have the study's modality, and its anatomy or finding?",
            Origin = clips.Origin,
            Prompts = clips.Clips.Select(one => one.Prompt).Distinct().Count(),
            AllPrompts = clips.AllPrompts,
            Judges = judged.Names,
            Rows = [.. judged.Modalities(clips), .. judged.Labels(clips, "anatomy or finding")],
            Limits =
            [
                reports is null
                    ? "The sentences are our own, in the manner of reports; no patient's report is among them."
                    : "The sentences are those of the file that was given.",
                ConceptJudge.Limit,
                "Anatomy and finding are looked for within the kind that was asked for: of a clip of another modality the answer means nothing.",
                .. judged.Unknown(prompts).Select(kind => $"The judge knows no modality of {kind}; its modality is in no row."),
            ],
        };
        ExperimentReport.Write(task.Output, result);
        return result;
    }
}
