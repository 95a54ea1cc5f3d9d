using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.PluginHost.Isolation;

/// <summary>A generator in a process of its own, as the host calls it.</summary>
/// <param name="code">The plugin.</param>
/// <param name="description">What it said of itself when it was loaded.</param>
internal sealed class IsolatedGenerator(IsolatedCode code, GeneratorDescription description) : IVideoGenerator
{
    public GeneratorDescription Describe() => description;

    public Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) =>
        code.AskAsync(new ValidateGeneration(request), [], cancellationToken);

    public IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken)
    {
        FramesClip? source = request.SourceFrames is { } frames ? new FramesClip(frames) : null;
        FramesClip? first = request.FirstFrame is { } picture ? new FramesClip([picture]) : null;
        FrameLimit limit = new(request.Width, request.Height, request.NumFrames);
        return code.StreamAsync(
            model => new Generate(GenerationAsked.Of(request), InputOf(source), InputOf(first), model),
            request.Service.Checkpoint?.Content ?? default, [.. new[] { source, first }.OfType<IVideoClip>()], Read, cancellationToken);

        GenerationUpdate Read(Update update, byte[] payload)
        {
            GenerationUpdate read = update.ToGeneration(payload);
            limit.Check(read is GenerationPreview preview ? preview.Frame : null, counts: false);
            limit.Check((read as GeneratedFrames)?.Frames[0], counts: true);
            return read;
        }
    }

    private static Analyze.Input? InputOf(FramesClip? clip) => clip is null ? null : Analyze.Input.Of("clip", clip);
}
