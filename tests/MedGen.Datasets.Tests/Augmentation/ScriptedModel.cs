using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Datasets.Tests.Augmentation;

/// <summary>A model whose clips are patterns of their seed, or its source where it is given one; a picture that it is given comes first.</summary>
internal sealed class ScriptedModel : IMedGenModel
{
    public ConcurrentQueue<VideoGenerationRequest> Requests { get; } = new();

    /// <summary>Whether a clip that begins with a picture is that picture throughout.</summary>
    public bool StandsStill { get; set; }

    public ModelDescription Description { get; set; } = new()
    {
        Name = "scripted", Variant = "test", Hash = new string('a', 64), Device = "cpu", DataType = "float32", Parameters = 1, MaxTextTokens = 512, IsTrained = true, TakesFirstFrame = true,
        Defaults = new GenerationDefaults { NumInferenceSteps = 4, GuidanceScale = 3, Shift = 2 },
    };

    public Task<AdapterDescription> DescribeAdapterAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(new AdapterDescription { Name = name, Sha256 = $"sha of {name}", Modules = 1, Bytes = 1 });

    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        yield return new GenerationProgress { Stage = GenerationStage.Denoising, Completed = 1, Total = 1 };
        if (request.SourceFrames is { } source)
        {
            yield return new GeneratedFrames { Frames = [.. source.Select(frame => frame.Clone())] };
            yield break;
        }

        if (StandsStill && request.FirstFrame is { } still)
        {
            yield return new GeneratedFrames { Frames = [.. Enumerable.Range(0, request.NumFrames).Select(_ => still.Clone())] };
            yield break;
        }

        await foreach (VideoFrame frame in AugmentationFixture.Frames((int)(request.Seed % 1000), request.Width, request.NumFrames))
        {
            yield return new GeneratedFrames { Frames = [frame.Index == 0 && request.FirstFrame is { } picture ? picture.Clone() : frame] };
        }
    }
}
