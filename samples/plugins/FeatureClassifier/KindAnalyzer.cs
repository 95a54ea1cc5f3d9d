using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Serving;
using MedGen.Sdk.Torch.Execution;

namespace FeatureClassifier;

/// <summary>Asks the host's model for its latents of a clip, and a linear layer for what they are of.</summary>
/// <param name="context">Where the head lies.</param>
/// <param name="model">The host's model.</param>
/// <param name="device">The device's thread, for torch.</param>
internal sealed class KindAnalyzer(PluginContext context, IMedGenModel model, IDeviceExecutor device) : IVideoAnalyzer
{
    /// <summary>Labels, in the order of the head's rows.</summary>
    internal static readonly string[] Labels = ["ultrasound", "endoscopy", "radiograph"];

    private const string Output = "kind";
    private const int Side = 64; // px
    private const int Frames = 5;

    private static readonly AnalyzerDescription Description = new()
    {
        Task = "clip-kind",
        Summary = "Says whether a clip is an ultrasound, an endoscopy or a radiograph.",
        Inputs = [new AnalyzerInput { Description = "Five frames or more.", Live = false, LeastFrames = Frames, LeastSide = Side }],
        Outputs =
        [
            new AnalyzerOutput
            {
                Name = Output, Description = "The kind.", Kind = OutputKind.Labels, Labels = OutputLabel.Of(Labels), Exclusive = true,
            },
        ],
        IntendedUse = "An example for vendors, fitted to simulated clips. Not for patients.",
    };

    /// <inheritdoc />
    public AnalyzerDescription Describe() => Description;

    /// <inheritdoc />
    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(
        AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<VideoFrame> frames = [];
        try
        {
            FrameSampling sampling = new() { MaxFrames = Frames, Width = Side, Height = Side };
            await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(sampling, cancellationToken))
            {
                frames.Add(frame);
            }

            if (frames.Count < Frames)
            {
                throw new MediaException("clip", $"The clip has {frames.Count} frames; {Frames} are needed.");
            }

            ModelFeatures latents = await model.ExtractFeaturesAsync(frames, "autoencoder", timestep: 0, cancellationToken);
            float[] pooled = FeatureHead.Pool(latents);
            FeatureHead head = await FeatureHead.ReadAsync(context, cancellationToken);
            head.Require(model.Description.Hash, pooled.Length, Labels.Length);
            double[] probabilities = await device.RunAsync(
                _ => head.Apply(pooled, Labels.Length, device.Device), ServicePriority.Interactive, cancellationToken);
            string likeliest = Labels[Array.IndexOf(probabilities, probabilities.Max())];
            yield return new FinalFindings
            {
                Findings = [new LabelFinding { Output = Output, Scope = FindingScope.Clip, Labels = [likeliest], Probabilities = probabilities }],
            };
            yield return new AnalysisCompleted { FramesAnalyzed = frames.Count };
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
    }
}
