using System.Runtime.CompilerServices;
using MedGen.Abstractions.Augmentation;
using MedGen.Abstractions.Frames;
using MedGen.Abstractions.Models;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Video to video: a training clip is sent part of the way back to noise and denoised again.</summary>
internal sealed class VariationMethod(IMedGenModel model) : IClipMethod
{
    public AugmentationMethodDescription Description { get; } = new()
    {
        Name = "variation", Description = "Video to video with the shared model, from a training clip, with a strength drawn from a range.", Origin = ClipOrigin.Generated,
    };

    public void Check(string options) => MethodOptions.Read<VariationOptions>(options);

    public async IAsyncEnumerable<AugmentationUpdate> MakeAsync(AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        VariationOptions options = MethodOptions.Read<VariationOptions>(request.Method.Options);
        RandomStream random = new(request.Seed);
        double strength = random.Between(options.StrengthFrom, options.StrengthTo);
        List<VideoFrame> source = [];
        try
        {
            await foreach (VideoFrame frame in request.Source.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken).ConfigureAwait(false))
            {
                source.Add(frame);
            }

            await foreach (AugmentationUpdate update in SharedModelClips.MakeAsync(model, request, options, source, strength, random, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            source.ForEach(frame => frame.Dispose());
        }
    }
}
