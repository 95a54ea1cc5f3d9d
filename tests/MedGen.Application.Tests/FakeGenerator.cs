using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Tests;

/// <summary>Gray frames from the seed, from the source, or from the first pixel of the first frame; waits at the start when it is told to, and fails when it is told to.</summary>
internal sealed class FakeGenerator : IVideoGenerator
{
    /// <summary>The one word that it does not know.</summary>
    public const string UnknownWord = "glioma";

    /// <summary>Held: a started generation waits until it is set, or cancelled.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Denoising step after which it waits until it is cancelled; 0: none.</summary>
    public int StopAfter { get; set; }

    public Exception? Failure { get; set; }

    public GeneratorDescription Description { get; set; } = new() { Summary = "Gray frames.", UsesResidentModel = true, TakesFirstFrame = true };

    public GeneratorDescription Describe() => Description;

    public List<VideoGenerationRequest> Requests { get; } = [];

    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        if (request.Prompt.Contains(UnknownWord, StringComparison.Ordinal))
        {
            yield return new GenerationWarning { Message = $"not known to this model: {UnknownWord}", UnknownWords = [UnknownWord] };
        }

        yield return new GenerationProgress { Stage = GenerationStage.EncodingPrompt, Completed = 1, Total = 1 };
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        if (Failure is { } failure)
        {
            throw failure;
        }

        // Its checkpoints are one byte: the steps that are done.
        int done = 0;
        if (request.Service.Checkpoint is { } given)
        {
            done = given.Content.Length == 1 ? given.Content.Span[0] : 0;
            if (done == 0)
            {
                yield return new CheckpointRejected { Reason = "It is damaged." };
            }
        }

        for (int step = done + 1; step <= request.NumInferenceSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new GenerationProgress { Stage = GenerationStage.Denoising, Completed = step, Total = request.NumInferenceSteps };
            if (request.Service.CheckpointInterval > 0 && step % request.Service.CheckpointInterval == 0)
            {
                yield return new GenerationCheckpoint { Step = step, Content = new[] { (byte)step } };
            }

            if (StopAfter == step)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            if (request.PreviewInterval > 0 && step % request.PreviewInterval == 0)
            {
                yield return new GenerationPreview { Step = step, Frame = Noise(request.Width, request.Height) };
            }
        }

        for (int i = 0; i < request.NumFrames; i++)
        {
            VideoFrame frame = request.SourceFrames?[i].Clone() ?? VideoFrame.Rent(request.Width, request.Height, i);
            if (request.SourceFrames is null)
            {
                frame.WritablePixels.Span.Fill(request.FirstFrame?.Pixels.Span[0] ?? (byte)request.Seed);
            }

            yield return new GeneratedFrames { Frames = [frame] };
        }
    }

    private static VideoFrame Noise(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        return VideoFrame.Wrap(pixels, width, height);
    }
}
