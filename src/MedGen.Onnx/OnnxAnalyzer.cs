using System.Runtime.CompilerServices;
using MedGen.Onnx.Outputs;
using MedGen.Onnx.Pictures;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Onnx;

/// <summary>Analyses clips with a network as a specification says. One instance serves all calls.</summary>
/// <param name="task">The task of the manifest.</param>
/// <param name="directory">The plugin's folder.</param>
/// <param name="spec">What the network takes and what its numbers mean.</param>
/// <param name="sha256">SHA-256 of the network's file.</param>
internal sealed class OnnxAnalyzer(string task, string directory, OnnxSpec spec, string sha256) : IVideoAnalyzer, IDisposable
{
    private readonly Lazy<OnnxNetwork> _network = new(() => OnnxNetwork.Open(directory, spec));
    private readonly PictureInput _pictures = new(spec.Input);
    private readonly AnalyzerDescription _description = new()
    {
        Task = task,
        Summary = spec.Summary,
        Outputs = [.. spec.Outputs.Select(OutputCourse.Describe)],
        Weights =
        [
            new WeightsDescription
            {
                Name = Path.GetFileName(spec.Model),
                Sha256 = sha256,
                Bytes = new FileInfo(Path.Combine(directory, spec.Model)).Length,
                License = spec.License,
            },
        ],
        IntendedUse = spec.IntendedUse,
        Evaluation = spec.Evaluation,
    };

    /// <inheritdoc />
    public AnalyzerDescription Describe() => _description;

    /// <inheritdoc />
    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        OutputCourse[] courses = Begin();
        int frames = 0;
        FrameSampling sampling = new() { FramesPerSecond = spec.FramesPerSecond };
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(sampling, cancellationToken).ConfigureAwait(false))
        {
            List<(bool Stand, Finding Finding)> found;
            using (frame)
            {
                found = Analyze(frame, courses, cancellationToken);
            }

            frames++;
            if (found.Where(one => !one.Stand).Select(one => one.Finding).ToArray() is { Length: > 0 } interim)
            {
                yield return new InterimFindings { Findings = interim };
            }

            if (found.Where(one => one.Stand).Select(one => one.Finding).ToArray() is { Length: > 0 } final)
            {
                yield return new FinalFindings { Findings = final };
            }

            yield return new AnalysisProgress { FramesDone = frames };
        }

        if (frames == 0)
        {
            throw new MediaException("clip", "The clip has no frame that could be analysed.");
        }

        if (courses.SelectMany(course => course.Conclude()).ToArray() is { Length: > 0 } conclusions)
        {
            yield return new FinalFindings { Findings = conclusions };
        }

        yield return new AnalysisCompleted { FramesAnalyzed = frames };
    }

    /// <summary>Reads the network and analyses a black frame, so that one that does not fit its description is found at once.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public void Try(CancellationToken cancellationToken)
    {
        using VideoFrame black = VideoFrame.Wrap(new byte[spec.Input.Width * spec.Input.Height * 3], spec.Input.Width, spec.Input.Height);
        Analyze(black, Begin(), cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_network.IsValueCreated)
        {
            _network.Value.Dispose();
        }
    }

    private OutputCourse[] Begin() => [.. spec.Outputs.Select(output => OutputCourse.Begin(output, _network.Value.TensorNames(output)))];

    private List<(bool Stand, Finding Finding)> Analyze(VideoFrame frame, OutputCourse[] courses, CancellationToken cancellationToken)
    {
        FramePlacement placement = FramePlacement.Of(spec.Input, frame.Width, frame.Height);
        NetworkAnswer answer = _network.Value.Run(_pictures.Of(frame, placement), cancellationToken);
        return [.. courses.SelectMany(course => course.Take(answer, frame, placement).Select(finding => (course.FramesStand, finding)))];
    }
}
