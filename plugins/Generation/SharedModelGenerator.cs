using System.Runtime.CompilerServices;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Plugins.Generation;

/// <summary>Generates with the one model of the process. The model checks the request: it knows its own limits.</summary>
internal sealed class SharedModelGenerator(IMedGenModel model) : IVideoGenerator
{
    private static readonly GeneratorDescription Description = new()
    {
        Summary = "Generates clips from text, and a clip or a first frame beside it, with the host's resident model.",
        UsesResidentModel = true,
        TakesFirstFrame = true,
        IntendedUse = "Research and data augmentation. A clip shows no patient and is no basis for a diagnosis.",
    };

    public GeneratorDescription Describe() => Description;

    public Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) => model.ValidateAsync(request, cancellationToken);

    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await foreach (GenerationUpdate update in model.GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }
}
