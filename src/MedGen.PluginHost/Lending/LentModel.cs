using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.PluginHost.Lending;

/// <summary>The model as plugins get it: what its contract has, and nothing else of the host's object.</summary>
internal sealed class LentModel(IMedGenModel model) : IMedGenModel
{
    /// <inheritdoc />
    public ModelDescription Description => model.Description;

    /// <inheritdoc />
    public IAsyncEnumerable<GenerationUpdate> GenerateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) =>
        model.GenerateAsync(request, cancellationToken);

    /// <inheritdoc />
    public Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) => model.ValidateAsync(request, cancellationToken);

    /// <inheritdoc />
    public Task<AdapterDescription> DescribeAdapterAsync(string name, CancellationToken cancellationToken) =>
        model.DescribeAdapterAsync(name, cancellationToken);

    /// <inheritdoc />
    public Task<ModelFeatures> ExtractFeaturesAsync(
        IReadOnlyList<VideoFrame> frames, string layer, double timestep, CancellationToken cancellationToken) =>
        frames?.FirstOrDefault(frame => frame.Format != FrameFormat.Rgb24) is { } odd
            ? throw new InvalidInputException("frames", $"got a frame in {odd.Format}; allowed: {FrameFormat.Rgb24}.")
            : model.ExtractFeaturesAsync(frames!, layer, timestep, cancellationToken);
}
