using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;

namespace Vendor_Plugin;

/// <summary>Makes clips darker by a factor that is drawn from the seed; the same request gives the same frames.</summary>
internal sealed class Augmenter : IDatasetAugmenter
{
    private const string Method = "darker";

    public AugmenterDescription Describe() => new()
    {
        Summary = "Makes clips darker.",
        Methods =
        [
            new AugmentationMethodDescription
            {
                Name = Method, Description = "Makes a clip darker.", Origin = ClipOrigin.Altered, OptionsSchema = ParameterSchema.Of<Options>(),
            },
        ],
    };

    public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        if (method.Name != Method)
        {
            throw new InvalidInputException("type", $"got '{method.Name}'; allowed: {Method}.");
        }

        // The host has checked the options by the schema.
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<AugmentationUpdate> AugmentAsync(
        AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        double least = request.Method.ReadOptions<Options>().Least;
        double factor = least + ((1 - least) * new Random(unchecked((int)request.Seed)).NextDouble());
        yield return new AugmentedClipDescription { Parameters = new Dictionary<string, string> { ["factor"] = FormattableString.Invariant($"{factor}") } };
        await foreach (VideoFrame frame in request.Source.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            // The frame is this plugin's now, and goes on to the host.
            Span<byte> pixels = frame.WritablePixels.Span;
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(pixels[i] * factor);
            }

            yield return new AugmentedFrames { Frames = [frame] };
        }
    }

    /// <summary>What a caller may choose.</summary>
    internal sealed record Options
    {
        [Range(0.1, 1.0), Description("The darkest factor.")]
        public double Least { get; init; } = 0.5;
    }
}
