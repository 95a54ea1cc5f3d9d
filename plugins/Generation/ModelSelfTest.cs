using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;

namespace MedGen.Plugins.Generation;

/// <summary>
/// Asks the shared model for the smallest clip that every model makes: one frame of 32 x 32 px in one step, through the generator that serves
/// requests; of a model that makes clips from pictures only, from a black one. Nothing is loaded for it. A host without a model is whole (each
/// request is told so), and a model that is busy with the requests of others has proved more than this test could: both pass.
/// </summary>
internal sealed class ModelSelfTest(IVideoGenerator generator, TimeProvider time) : IPluginSelfTest
{
    // The step of Wan 2.2's TI2V; that of the others is 16.
    private const int Side = 32;

    // Below the host's limit of 30 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly VideoGenerationRequest Smallest = new()
    {
        Prompt = "test", Width = Side, Height = Side, NumFrames = 1, NumInferenceSteps = 1, GuidanceScale = 1, Seed = 1,
    };

    /// <exception cref="FailedPreconditionException">The model gave another number or size of frames, or did not even take the request
    /// in.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(Smallest, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException exception) when (exception.Violations.Any(violation => violation.Field == "first_frame"))
        {
            using VideoFrame picture = VideoFrame.Rent(Side, Side);
            picture.WritablePixels.Span.Clear();
            await RunAsync(Smallest with { FirstFrame = picture }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(VideoGenerationRequest request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        bool isTaken = false;
        List<(int Width, int Height)> frames = [];
        try
        {
            await foreach (GenerationUpdate update in generator.GenerateAsync(request, either.Token).ConfigureAwait(false))
            {
                isTaken = true;
                foreach (var frame in (update as GeneratedFrames)?.Frames ?? [])
                {
                    frames.Add((frame.Width, frame.Height));
                    frame.Dispose();
                }
            }
        }
        catch (FailedPreconditionException exception) when (exception.Reason == "MODEL_NOT_LOADED")
        {
            return;
        }
        catch (ResourceExhaustedException)
        {
            return;
        }
        catch (OperationCanceledException) when (isTaken && !cancellationToken.IsCancellationRequested)
        {
            return;
        }

        if (frames is not [(Side, Side)])
        {
            string got = frames.Count == 0 ? "no frame" : string.Join(", ", frames.Select(frame => $"{frame.Width} x {frame.Height} px"));
            throw new FailedPreconditionException("SELF_TEST", $"Asked for one frame of {Side} x {Side} px, the model gave {got}.");
        }
    }
}
