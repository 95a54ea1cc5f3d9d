using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Specifications;
using MedGen.Phantoms;

namespace MedGen.Training.Simulation;

/// <summary>The clips that a specification stands for.</summary>
internal static class PhantomDatasetPlan
{
    private const int MaxClips = 1_000_000;

    /// <summary>Reads a specification.</summary>
    /// <exception cref="InvalidInputException">The file is missing or is no JSON, or a key is unknown or missing.</exception>
    public static PhantomDatasetSpec Read(string path) => SpecificationJson.Read<PhantomDatasetSpec>(path, "spec");

    /// <summary>Lists the clips: train, validation and test of a part have running numbers, and each clip a seed of its own.</summary>
    /// <exception cref="InvalidInputException">A kind is unknown, a value is out of range, or there is no clip; the field is named.</exception>
    public static IReadOnlyList<PhantomDatasetClip> List(PhantomDatasetSpec spec)
    {
        CheckSides(spec);
        var clips = new List<PhantomDatasetClip>();
        for (int index = 0; index < spec.Parts.Count; index++)
        {
            PhantomDatasetPart part = spec.Parts[index];
            IPhantom phantom = Named($"parts[{index}]", part.Kind);
            int number = 0;
            foreach ((string split, int count) in ((string, int)[])[("train", part.Train), ("validation", part.Validation), ("test", part.Test)])
            {
                if (count is < 0 or > MaxClips)
                {
                    throw new InvalidInputException($"parts[{index}].{split}", $"got {count} clips; allowed: 0 to {MaxClips}.");
                }

                for (int i = 0; i < count; i++)
                {
                    clips.Add(Clip(spec, part, phantom, index, split, number++));
                }
            }

            if (number > 0)
            {
                Try($"parts[{index}]", clips[^1]);
            }
        }

        if (clips.Count == 0)
        {
            throw new InvalidInputException("parts", "no clip at all; at least one part with 'train', 'validation' or 'test' above 0 is needed.");
        }

        return clips;
    }

    private static void CheckSides(PhantomDatasetSpec spec)
    {
        // H.264 in yuv420p has no odd sides, and padding would change the picture.
        foreach ((string field, int side) in ((string, int)[])[("width", spec.Width), ("height", spec.Height)])
        {
            if (side % 2 != 0)
            {
                throw new InvalidInputException(field, $"got {side} px; allowed: even numbers.");
            }
        }
    }

    private static IPhantom Named(string field, string kind)
    {
        try
        {
            return PhantomCatalog.Get(kind);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException([.. exception.Violations.Select(v => new FieldViolation($"{field}.{v.Field}", v.Description))]);
        }
    }

    // What only the simulators know to be wrong is found before anything is written.
    private static void Try(string field, PhantomDatasetClip clip)
    {
        try
        {
            clip.Phantom.Simulate(clip.Request);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException(
                [.. exception.Violations.Select(v =>
                    v.Field.StartsWith("parameters", StringComparison.Ordinal) ? new FieldViolation($"{field}.{v.Field}", v.Description) : v)]);
        }
    }

    private static PhantomDatasetClip Clip(
        PhantomDatasetSpec spec, PhantomDatasetPart part, IPhantom phantom, int partIndex, string split, int number)
    {
        int seed = unchecked((((spec.Seed * 1009) + partIndex) * 1_000_003) + number);
        string name = string.Create(CultureInfo.InvariantCulture, $"{split}/{partIndex + 1:00}-{phantom.Kind}-{number + 1:000000}.mp4");
        return new PhantomDatasetClip(name, split, phantom, new PhantomRequest
        {
            Seed = seed,
            Width = spec.Width,
            Height = spec.Height,
            NumFrames = spec.NumFrames,
            FramesPerSecond = spec.FramesPerSecond,
            Parameters = part.Parameters,
        });
    }
}
