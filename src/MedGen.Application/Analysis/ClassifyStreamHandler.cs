using System.Runtime.CompilerServices;
using MedGen.Abstractions.Classification;
using MedGen.Abstractions.Plugins;
using MedGen.Application.Plugins;
using MediatR;

namespace MedGen.Application.Analysis;

internal sealed class ClassifyStreamHandler(IPluginCatalog catalog) : IStreamRequestHandler<ClassifyStream, LiveClassification>
{
    public async IAsyncEnumerable<LiveClassification> Handle(
        ClassifyStream request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PluginLease<IVideoClassifier> lease = await catalog.AcquireAsync<IVideoClassifier>(
            PluginCapabilityKind.VideoClassifier, request.Task, request.PluginId, cancellationToken);
        ClassifierIdentity classifier = ClassifierIdentity.Of(lease);
        LiveClip clip = new(request.Info, request.Frames);
        ClassificationOptions options = request.Parameters is { } parameters ? new() { Parameters = parameters } : ClassificationOptions.Default;
        await foreach (ClassificationUpdate update in lease.Service.ClassifyAsync(clip, options, cancellationToken))
        {
            yield return new LiveClassification { Update = update, Classifier = classifier };
        }
    }
}
