using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Phantoms;
using MedGen.Plugins.Augmentation.Options;

namespace MedGen.Plugins.Augmentation.Simulated;

/// <summary>A simulated clip whose ground truth is that of the class.</summary>
internal sealed class PhantomMethod : IClipMethod
{
    private const int TriedFrames = 1;

    public AugmentationMethodDescription Description { get; } = new()
    {
        Name = "phantom", Description = "A simulator with exact ground truth, by parameters of each class.", Origin = ClipOrigin.Simulated,
        OptionsSchema = PhantomOptions.Schema(),
    };

    public void Check(string options) => Read(options);

    public async IAsyncEnumerable<AugmentationUpdate> MakeAsync(
        AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PhantomOptions options = Read(request.Method.Options);
        if (!options.Classes.TryGetValue(request.Label, out IReadOnlyDictionary<string, string>? own))
        {
            throw new InvalidInputException(
                "classes", $"'{request.Label}' is not named; its parameters are needed beside those of {string.Join(", ", options.Classes.Keys)}.");
        }

        PhantomClip clip = PhantomCatalog.Get(options.Kind).Simulate(new PhantomRequest
        {
            Seed = (int)(request.Seed ^ (request.Seed >> 32)),
            Width = request.Shape.Width,
            Height = request.Shape.Height,
            NumFrames = request.Shape.NumFrames,
            FramesPerSecond = request.Shape.FramesPerSecond,
            Parameters = Merge(options.Parameters, own),
        });
        yield return new AugmentedClipDescription
        {
            UsesSource = false,
            Parameters = new Dictionary<string, string>
            {
                ["kind"] = options.Kind,
                ["phantom_label"] = clip.Truth.Label,
                ["truth"] = JsonSerializer.Serialize(clip.Truth.Values),
            },
        };
        foreach (VideoFrame frame in clip.Frames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new AugmentedFrames { Frames = [frame] };
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    // Only the simulator knows which parameters it takes: it is tried on each class.
    private static PhantomOptions Read(string text)
    {
        PhantomOptions options = MethodOptions.Read<PhantomOptions>(text);
        IPhantom phantom = PhantomCatalog.Get(options.Kind);
        foreach ((string label, IReadOnlyDictionary<string, string> own) in options.Classes)
        {
            try
            {
                phantom.Simulate(new PhantomRequest { Seed = 1, NumFrames = TriedFrames, Parameters = Merge(options.Parameters, own) });
            }
            catch (InvalidInputException exception)
            {
                throw new InvalidInputException(
                    [.. exception.Violations.Select(v => new FieldViolation($"classes.{label}.{v.Field}", v.Description))]);
            }
        }

        return options;
    }

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> general, IReadOnlyDictionary<string, string> own)
    {
        Dictionary<string, string> merged = new(general);
        foreach ((string name, string value) in own)
        {
            merged[name] = value;
        }

        return merged;
    }
}
