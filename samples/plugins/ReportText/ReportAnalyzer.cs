using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;

namespace ReportText;

/// <summary>Reads a clip to its end and describes it in sentences; what they say in numbers is measured, too, for programs.</summary>
internal sealed class ReportAnalyzer : IVideoAnalyzer
{
    private const string Report = "report";
    private const string Brightness = "brightness";
    private const string Change = "change";
    private const int Side = 96; // px

    private static readonly AnalyzerDescription Description = new()
    {
        Task = "report",
        Summary = "Describes a clip in sentences: length, size, brightness and motion, whatever it shows.",
        Outputs =
        [
            new AnalyzerOutput { Name = Report, Description = "The report, in the language that was asked for.", Kind = OutputKind.Text },
            new AnalyzerOutput
            {
                Name = Brightness, Description = "Mean of all pixels, from black to white.", Kind = OutputKind.Measurement, Unit = "%",
                Minimum = 0, Maximum = 100,
            },
            new AnalyzerOutput
            {
                Name = Change, Description = "Mean change of a pixel from one frame to the next.", Kind = OutputKind.Measurement, Unit = "%",
                Minimum = 0, Maximum = 100,
            },
        ],
        ParametersSchema = ParameterSchema.Of<ReportParameters>(),
        IntendedUse = "An example for vendors: says what a picture is like, and nothing of a patient.",
    };

    /// <inheritdoc />
    public AnalyzerDescription Describe() => Description;

    /// <inheritdoc />
    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReportLanguage language = request.ReadParameters<ReportParameters>().Language;
        ClipMeasures measures = new();
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(new FrameSampling { Width = Side, Height = Side }, cancellationToken))
        {
            using (frame)
            {
                measures.Add(frame);
            }
        }

        if (measures.Frames == 0)
        {
            throw new MediaException("clip", "The clip has no frames to describe.");
        }

        yield return new FinalFindings
        {
            Findings =
            [
                new TextFinding
                {
                    Output = Report, Text = ReportWriter.Write(request.Clip.Info, measures, language),
                    Language = language == ReportLanguage.En ? "en" : "de",
                },
                new MeasurementFinding { Output = Brightness, Value = 100 * measures.Brightness },
                new MeasurementFinding { Output = Change, Value = 100 * measures.Change },
            ],
        };
        yield return new AnalysisCompleted { FramesAnalyzed = measures.Frames };
    }
}
