using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Classifiers.Training.Tests;

/// <summary>Everything that an analyzer says of a clip; each update keeps to the rules that the host checks.</summary>
internal sealed record Analyzed(IReadOnlyList<LabelFinding> Frames, IReadOnlyList<Finding> Final, int FramesAnalyzed)
{
    /// <param name="analyzer">The analyzer.</param>
    /// <param name="clip">The clip.</param>
    /// <param name="parameters">Its parameters, a JSON object.</param>
    public static async Task<Analyzed> RunAsync(IVideoAnalyzer analyzer, IVideoClip clip, string parameters = "{}")
    {
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = clip }], Parameters = parameters };
        await analyzer.ValidateAsync(request, TestContext.Current.CancellationToken);
        FindingRules rules = new(analyzer.Describe(), new Dictionary<string, VideoInfo> { ["clip"] = clip.Info });
        List<LabelFinding> frames = [];
        List<Finding> final = [];
        int analyzed = 0;
        await foreach (AnalysisUpdate update in analyzer.AnalyzeAsync(request, TestContext.Current.CancellationToken))
        {
            Violations violations = new();
            rules.Check(update, violations);
            violations.ThrowIfAny();
            switch (update)
            {
                case InterimFindings interim:
                    frames.AddRange(interim.Findings.Cast<LabelFinding>());
                    break;
                case FinalFindings findings:
                    final.AddRange(findings.Findings);
                    break;
                case AnalysisCompleted completed:
                    analyzed = completed.FramesAnalyzed;
                    break;
            }
        }

        rules.IsCompleted.ShouldBeTrue();
        return new Analyzed(frames, final, analyzed);
    }
}
