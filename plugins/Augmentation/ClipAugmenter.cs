using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;

namespace MedGen.Plugins.Augmentation;

/// <summary>Hands each request to the method that it names.</summary>
internal sealed class ClipAugmenter(IEnumerable<IClipMethod> methods) : IDatasetAugmenter
{
    private readonly IClipMethod[] _methods = [.. methods];

    public IReadOnlyList<AugmentationMethodDescription> Methods => [.. _methods.Select(method => method.Description)];

    public void Check(AugmentationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        Find(method).Check(method.Options);
    }

    public AdapterNeed? AdapterOf(AugmentationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Find(method).AdapterOf(method.Options);
    }

    public IReadOnlyList<string> CaptionsOf(AugmentationMethod method, string label, SourceClip clip)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Find(method).CaptionsOf(method.Options, label, clip);
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
