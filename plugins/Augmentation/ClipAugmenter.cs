using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation;

/// <summary>Hands each request to the method that it names.</summary>
internal sealed class ClipAugmenter(IEnumerable<IClipMethod> methods) : IDatasetAugmenter
{
    private readonly IClipMethod[] _methods = [.. methods];

    public AugmenterDescription Describe() => new()
    {
        Summary = "Makes clips for a data set: altered, generated and simulated ones.",
        Methods = [.. _methods.Select(method => method.Description)],
        IntendedUse = "Research: training data. Not for diagnosis.",
    };

    public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        Find(method).Check(method.Options);
        return Task.CompletedTask;
    }

    public Task<AdapterNeed?> GetAdapterAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Task.FromResult(Find(method).AdapterOf(method.Options));
    }

    public Task<IReadOnlyList<string>> GetCaptionsAsync(CaptionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.FromResult(Find(request.Method).CaptionsOf(request.Method.Options, request.Label, request.Clip));
    }

    public async IAsyncEnumerable<AugmentationUpdate> AugmentAsync(
        AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await foreach (AugmentationUpdate update in Find(request.Method).MakeAsync(request, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    private IClipMethod Find(AugmentationMethod method) => _methods.FirstOrDefault(known => known.Description.Name == method.Name)
        ?? throw new InvalidInputException(
            "method", $"got '{method.Name}'; allowed: {string.Join(", ", _methods.Select(known => known.Description.Name))}.");
}
