using MedGen.Classifiers.Training.ImagingModality;

namespace MedGen.Evaluation.Generation;

/// <summary>What the imaging-modality classifier calls the clips of one prompt.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Kind">Simulator of what it asks for.</param>
/// <param name="Modality">The right answer; DX stands for CR, too.</param>
/// <param name="Answers">How often each label was given for generated clips; <c>unknown</c>: abstained, which counts as wrong.</param>
/// <param name="Generated">Share of the generated clips that are called right.</param>
/// <param name="HeldOut">Share of held-out simulated clips of the kind that are called right: what a perfect model would reach.</param>
/// <param name="Untrained">Share called right with an untrained transformer.</param>
public sealed record PromptAdherence(
    string Prompt, string Kind, string Modality, IReadOnlyDictionary<string, int> Answers, double Generated, double HeldOut, double Untrained)
{
    /// <summary>Asks the classifier.</summary>
    /// <returns>A line for each prompt.</returns>
    internal static PromptAdherence[] Of(
        GenerationEvaluationSpec spec, EvaluationData data, ClipScoring scoring, ClipSample generated, ClipSample untrained)
    {
        string[][] answers = [.. new[] { generated, data.HeldOut, untrained }.Select(sample => sample.Clips.Select(Answer).ToArray())];
        return
        [
            .. spec.Prompts.Select((prompt, index) =>
            {
                string right = ModalityLabels.Of(data.Kinds[index].Modality);
                string[] given = Given(generated, answers[0]);
                return new PromptAdherence(
                    prompt.Prompt,
                    prompt.Kind,
                    right,
                    given.CountBy(answer => answer).OrderByDescending(pair => pair.Value).ToDictionary(),
                    Share(given),
                    Share(Given(data.HeldOut, answers[1])),
                    Share(Given(untrained, answers[2])));

                string[] Given(ClipSample sample, string[] all) => [.. all.Where((_, i) => sample.Prompts[i] == index)];

                double Share(string[] some) => some.Average(answer => answer == right ? 1.0 : 0.0);
            }),
        ];

        string Answer(byte[] clip) => scoring.Classify(clip) is { Abstained: false } verdict ? scoring.Labels[verdict.Best] : "unknown";
    }
}
