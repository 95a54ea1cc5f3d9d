using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Application.Tests;

/// <summary>A model that is only described; the plugin stand-in makes the frames.</summary>
internal sealed class FakeModel : IMedGenModel
{
    public ModelDescription Description { get; set; } = new()
    {
        Name = "mini",
        Variant = "custom",
        Hash = new string('a', 64),
        Device = "cpu",
        DataType = "float32",
        Parameters = 1,
        MaxTextTokens = 512,
        IsTrained = false,
        TakesFirstFrame = true,
        Defaults = new GenerationDefaults { Width = 48, Height = 32, NumFrames = 9, FramesPerSecond = 5, NumInferenceSteps = 3, GuidanceScale = 2, Shift = 4 },
    };

    public Task<AdapterDescription> DescribeAdapterAsync(string name, CancellationToken cancellationToken) => name switch
    {
        "mine" or "other/mine" or "other/theirs" => Task.FromResult(new AdapterDescription { Name = name, Sha256 = new string('c', 64), Modules = 1, Bytes = 1 }),
        "fast" => Task.FromResult(new AdapterDescription
        {
            Name = name, Sha256 = new string('d', 64), Modules = 1, Bytes = 1,
            Defaults = new AdapterDefaults { NumInferenceSteps = 2, GuidanceScale = 1, Scheduler = GenerationScheduler.LightX2V },
        }),
        "foreign" => throw new ModelFormatException(name, "blocks.30.ffn.0: the transformer has no such module."),
        _ => throw new ResourceNotFoundException("adapter", name),
    };

    public IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The application reaches the model through plugins only.");
}
