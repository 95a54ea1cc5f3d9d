using System.Globalization;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Parameters;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Classic;

/// <summary>Alters a training clip by a few random operations, and mixes it with another on request. Needs no model and no device.</summary>
internal sealed class ClassicMethod : IClipMethod
{
    public AugmentationMethodDescription Description { get; } = new()
    {
        Name = "classic", Description = "A training clip, altered by a few operations with parameters drawn once per clip.",
        Origin = ClipOrigin.Altered,
        OptionsSchema = ParameterSchema.Of<ClassicOptions>(),
    };

    public void Check(string options) => MethodOptions.Read<ClassicOptions>(options);

    public async IAsyncEnumerable<AugmentationUpdate> MakeAsync(
        AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ClassicOptions options = MethodOptions.Read<ClassicOptions>(request.Method.Options);
        RandomStream random = new(request.Seed);
        Dictionary<string, string> used = [];
        ClipPixels clip = Alter(
            await ClipPixels.ReadAsync(request.Source, request.Shape, cancellationToken).ConfigureAwait(false), options, random, used);
        Dictionary<string, double> weights = [];
        bool mixes = options.Mix != ClipMixing.None && request.Partner is not null;
        if (mixes)
        {
            ClipPixels other = await ClipPixels.ReadAsync(request.Partner!, request.Shape, cancellationToken).ConfigureAwait(false);
            (clip, double share) = ClipMixer.Mix(clip, other, options.Mix, options.MixAlpha, random);
            used["mix"] = options.Mix.ToString().ToLowerInvariant();
            used["mix_share"] = Text(share);
            if (request.Partner!.Label != request.Source.Label)
            {
                (weights[request.Source.Label], weights[request.Partner.Label]) = (1 - share, share);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        yield return new AugmentedClipDescription { Parameters = used, LabelWeights = weights, UsesPartner = mixes };
        yield return new AugmentedFrames { Frames = clip.ToFrames() };
    }

    private static ClipPixels Alter(ClipPixels clip, ClassicOptions options, RandomStream random, Dictionary<string, string> used)
    {
        foreach (Mirroring mirroring in options.Flips.Distinct().Order().Where(_ => random.Next() < 0.5).ToArray())
        {
            clip = ClipWarp.Mirror(clip, mirroring);
            used[$"flip_{mirroring}".ToLowerInvariant()] = "true";
            if (mirroring == Mirroring.Horizontal)
            {
                used["laterality"] = "left and right are exchanged";
            }
        }

        List<ClassicOperation> left = [.. options.Operations.Distinct().Order()];
        for (int i = 0; i < options.PerClip && left.Count > 0; i++)
        {
            ClassicOperation operation = left[random.Below(left.Count)];
            left.Remove(operation);
            (clip, string parameter) = OperationDraw.Apply(operation, clip, options.Magnitude, random);
            used[operation.ToString().ToLowerInvariant()] = parameter;
        }

        return clip;
    }

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
