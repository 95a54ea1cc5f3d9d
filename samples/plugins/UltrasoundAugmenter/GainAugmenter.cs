using System.Runtime.CompilerServices;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;

namespace UltrasoundAugmenter;

/// <summary>
/// Alters the gain of ultrasound clips, drawn once per clip. A B-mode picture is logarithmic, so a gain in dB adds the same to each grey value. What
/// is black stays black: it is outside of the fan, or below the dynamic range.
/// </summary>
internal sealed class GainAugmenter : IDatasetAugmenter
{
    private const string DepthGainName = "depth-gain";
    private const string ShadowName = "acoustic-shadow";

    private static readonly AugmenterDescription Description = new()
    {
        Summary = "Alters ultrasound clips as another device setting or an acoustic shadow would.",
        Methods =
        [
            new AugmentationMethodDescription
            {
                Name = DepthGainName,
                Description = "Sound is lost with depth, and the depth-gain sliders are set otherwise.",
                Origin = ClipOrigin.Altered,
                OptionsSchema = ParameterSchema.Of<DepthGain>(),
            },
            new AugmentationMethodDescription
            {
                Name = ShadowName,
                Description = "Shadows along the beams, as behind ribs, stones or gas.",
                Origin = ClipOrigin.Altered,
                OptionsSchema = ParameterSchema.Of<AcousticShadow>(),
            },
        ],
        IntendedUse = "An example for vendors: training data from grey B-mode clips. Not for Doppler, whose colours would change, nor for diagnosis.",
    };

    /// <inheritdoc />
    public AugmenterDescription Describe() => Description;

    /// <inheritdoc />
    public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        Read(method).Check();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<AugmentationUpdate> AugmentAsync(
        AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IGainMethod method = Read(request.Method);
        Dictionary<string, string> used = [];
        Func<BeamPoint, double> gain = method.Draw(new Random((int)(request.Seed ^ (request.Seed >> 32))), used);
        int[] steps = Steps(method, gain, request.Shape);
        yield return new AugmentedClipDescription { Parameters = used };
        await foreach (VideoFrame frame in request.Source.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            // The frame is this plugin's now, and goes on to the host.
            Span<byte> pixels = frame.WritablePixels.Span;
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = pixels[i] == 0 ? (byte)0 : (byte)Math.Clamp(pixels[i] + steps[i / 3], 0, 255);
            }

            yield return new AugmentedFrames { Frames = [frame] };
        }
    }

    // Grey values to add to each pixel, [H · W].
    private static int[] Steps(IGainMethod method, Func<BeamPoint, double> gain, ClipShape shape)
    {
        int[] steps = new int[shape.Width * shape.Height];
        for (int i = 0; i < steps.Length; i++)
        {
            BeamPoint point = BeamPoint.Of(method.Probe, i % shape.Width, i / shape.Width, shape.Width, shape.Height);
            steps[i] = (int)Math.Round(255 * gain(point) / method.DynamicRange);
        }

        return steps;
    }

    private static IGainMethod Read(AugmentationMethod method) => method.Name switch
    {
        DepthGainName => method.ReadOptions<DepthGain>(),
        ShadowName => method.ReadOptions<AcousticShadow>(),
        _ => throw new InvalidInputException("type", $"got '{method.Name}'; allowed: {DepthGainName}, {ShadowName}."),
    };
}
