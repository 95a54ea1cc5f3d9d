using System.Numerics;
using MedGen.Phantoms.Endoscopy.Surfaces;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Procedures;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>
/// What one patient, one theatre and one set of instruments look like. Every scale is a position from 0 to 1 drawn from an
/// <see cref="AppearanceRange"/>.
/// </summary>
internal sealed class LaparoscopyAppearance
{
    private readonly SortedDictionary<string, double> _scales = new(StringComparer.Ordinal);
    private readonly Random _random;
    private readonly AppearanceRange _range;

    /// <summary>Draws an appearance.</summary>
    /// <param name="seed">Seed of the clip or procedure.</param>
    /// <param name="range">Range to draw from.</param>
    public LaparoscopyAppearance(int seed, AppearanceRange range)
    {
        _range = range;
        _random = Streams.Create(seed, "laparoscopy-appearance");
        float warmth = Scale("colour-temperature", -1, 1);
        float maskAt = Scale("mask", 0, 1);
        Light = new EndoscopeLight
        {
            Exposure = Scale("exposure", 1.05f, 1.75f),
            Balance = new Vector3(1 + (0.11f * warmth), 1, 1 - (0.2f * warmth)),
            Saturation = Scale("saturation", 0.8f, 1.2f),
            Offset = new Vector2(Scale("light-x", -0.5f, 0.5f), Scale("light-y", -0.6f, 0.1f)),
            Falloff = Scale("falloff", 0.5f, 0.95f),
            MaskRadius = maskAt < 0.5f ? 0.98f + (0.3f * maskAt) : 2,
            Noise = Scale("noise", 0.006f, 0.022f),
            Softness = Scale("softness", 0.002f, 0.006f),
        };
        float size = Scale("gallbladder-size", 0.82f, 1.22f);
        float lean = Scale("gallbladder-lean", -0.3f, 0.3f);
        Size = size;
        Fundus = new Vector2(0.08f + lean, -0.6f);
        Neck = new Vector2(-0.04f, 0.12f * size);
        FundusRadius = 0.29f * size;
        NeckRadius = 0.095f * size;
        DuctEnd = Neck + new Vector2(Scale("duct-x", -0.36f, -0.12f), Scale("duct-y", 0.32f, 0.46f));
        ArteryEnd = Neck + new Vector2(Scale("artery-x", -0.52f, -0.32f), Scale("artery-y", 0.06f, 0.22f));
        DuctRadius = Scale("duct-width", 0.028f, 0.05f);
        Zoom = Scale("zoom", 0.86f, 1.16f);
        BaseRoll = Scale("roll", -0.22f, 0.22f);
        InstrumentScale = Scale("instrument-width", 0.85f, 1.2f);
        WorkingSide = _random.Chance(0.75) ? 1 : -1;
        GrasperHeight = Scale("grasper-height", -0.6f, 0.2f);
        WorkingHeight = Scale("working-height", 0.1f, 0.9f);
        MotionSeed = Streams.Seed(seed, "laparoscopy-motion");

        float liver = Scale("liver-hue", 0, 1);
        float bile = Scale("gallbladder-hue", 0, 1);
        float inflamed = Scale("inflammation", 0, 1);
        float fat = Scale("fat-hue", 0, 1);
        float shaft = Scale("shaft-tone", 0, 1);
        float bag = Scale("bag-tone", 0, 1);
        Cavity = Make(
            seed, "cavity", new(
                0.22f, 0.09f, 0.08f), new(0.42f, 0.19f, 0.16f), 0.8f, 1.4f) with { Roughness = 0.06f, RoughnessScale = 2.2f, Gloss = 0.25f };
        Wall = Make(seed, "wall", new(0.7f, 0.42f, 0.38f), new(0.82f, 0.55f, 0.46f), 0.7f, 1.2f) with
        {
            Vessels = 0.55f, VesselScale = 2.2f, VesselColour = new(0.5f, 0.14f, 0.14f), Roughness = 0.03f, RoughnessScale = 3, Gloss = 0.3f,
        };
        Liver = Make(
            seed, "liver", Vector3.Lerp(new(0.3f, 0.085f, 0.085f), new(0.38f, 0.16f, 0.1f), liver), new(0.42f, 0.16f, 0.15f), 0.7f, 2.6f) with
        {
            Roughness = 0.02f, RoughnessScale = 6, Gloss = 0.6f,
        };
        Vector3 serosa = Vector3.Lerp(new(0.54f, 0.54f, 0.42f), new(0.66f, 0.45f, 0.42f), bile);
        Gallbladder = Make(
            seed, "gallbladder", Vector3.Lerp(
                serosa, new(0.68f, 0.28f, 0.26f), 0.7f * inflamed), Vector3.Lerp(serosa * 0.85f, new(0.5f, 0.14f, 0.14f), inflamed), 0.8f, 4.5f) with
        {
            Vessels = 0.5f
                + (0.4f * inflamed), VesselScale = 4.5f, VesselColour = new(0.46f, 0.08f, 0.09f), Roughness = 0.02f, RoughnessScale = 6, Gloss = 0.9f,
        };
        Fat = Make(seed, "fat", Vector3.Lerp(new(0.64f, 0.4f, 0.17f), new(0.6f, 0.31f, 0.22f), fat), new(0.7f, 0.46f, 0.28f), 0.8f, 5) with
        {
            Vessels = 0.5f, VesselScale = 3.5f, VesselColour = new(0.58f, 0.14f, 0.1f), Roughness = 0.036f, RoughnessScale = 3.2f, IsLobulated = true,
            Gloss = 0.5f,
        };
        Bowel = Make(seed, "bowel", new(0.72f, 0.36f, 0.32f), new(0.8f, 0.48f, 0.4f), 0.7f, 3) with
        {
            Vessels = 0.6f, VesselScale = 5, VesselColour = new(0.55f, 0.1f, 0.1f), Roughness = 0.015f, RoughnessScale = 6, Gloss = 0.6f,
        };
        Raw = Make(seed, "raw", new(0.55f, 0.14f, 0.11f), new(0.72f, 0.4f, 0.3f), 0.9f, 7) with
        {
            Vessels = 0.4f, VesselScale = 8, Roughness = 0.05f, RoughnessScale = 13, Gloss = 0.8f,
        };
        Bed = Make(
            seed, "bed", new(0.4f, 0.08f, 0.07f), new(0.58f, 0.28f, 0.17f), 0.9f, 7) with { Roughness = 0.05f, RoughnessScale = 12, Gloss = 0.75f };
        Char = Make(
            seed, "char", new(0.12f, 0.07f, 0.05f), new(0.42f, 0.27f, 0.14f), 0.8f, 14) with { Roughness = 0.02f, RoughnessScale = 18, Gloss = 0.2f };
        Blood = Make(
            seed, "blood", new(0.36f, 0.015f, 0.02f), new(0.24f, 0.01f, 0.015f), 0.6f, 4) with { Roughness = 0.02f, RoughnessScale = 7, Gloss = 1 };
        Fluid = Make(
            seed, "fluid", new(0.5f, 0.2f, 0.16f), new(0.62f, 0.33f, 0.26f), 0.6f, 5) with { Roughness = 0.018f, RoughnessScale = 5, Gloss = 1 };
        Duct = Make(seed, "duct", new(0.74f, 0.56f, 0.44f), new(0.66f, 0.44f, 0.36f), 0.6f, 9) with { Roughness = 0.004f, Gloss = 0.8f };
        Artery = Make(seed, "artery", new(0.74f, 0.36f, 0.3f), new(0.66f, 0.24f, 0.2f), 0.6f, 9) with { Gloss = 0.8f };
        Steel = Make(seed, "steel", new(0.52f, 0.54f, 0.56f), new(0.4f, 0.42f, 0.44f), 0.5f, 5) with { Gloss = 1 };
        Shaft = Make(
            seed, "shaft", Vector3.Lerp(
                new(0.06f, 0.07f, 0.075f), new(0.34f, 0.36f, 0.35f), shaft), new(0.2f, 0.21f, 0.21f), 0.4f, 4) with { Gloss = 0.35f };
        Insulation = Make(
            seed, "insulation", Vector3.Lerp(
                new(0.07f, 0.13f, 0.32f), new(0.1f, 0.1f, 0.11f), shaft), new(0.1f, 0.12f, 0.2f), 0.4f, 5) with { Gloss = 0.5f };
        Clip = Make(seed, "clip", new(0.78f, 0.8f, 0.82f), new(0.6f, 0.62f, 0.64f), 0.4f, 30) with { Gloss = 1 };
        Bag = Make(seed, "bag", Vector3.Lerp(new(0.8f, 0.82f, 0.84f), new(0.76f, 0.8f, 0.7f), bag), new(0.6f, 0.62f, 0.64f), 0.8f, 5) with
        {
            Roughness = 0.05f, RoughnessScale = 9, Gloss = 1,
        };
        Drape = Make(seed, "drape", Vector3.Lerp(new(0.12f, 0.38f, 0.36f), new(0.16f, 0.28f, 0.5f), bag), new(0.3f, 0.5f, 0.52f), 0.8f, 1.5f) with
        {
            Roughness = 0.2f, RoughnessScale = 1.6f, Gloss = 0.1f,
        };
    }

    /// <summary>The drawn positions on the scales, by name, 0 to 1.</summary>
    public IReadOnlyDictionary<string, double> Scales => _scales;

    public EndoscopeLight Light { get; }

    public float Size { get; }

    public Vector2 Fundus { get; }

    public Vector2 Neck { get; }

    public float FundusRadius { get; }

    public float NeckRadius { get; }

    public Vector2 DuctEnd { get; }

    public Vector2 ArteryEnd { get; }

    public float DuctRadius { get; }

    /// <summary>Factor on the half side of every view.</summary>
    public float Zoom { get; }

    public float BaseRoll { get; }

    public float InstrumentScale { get; }

    /// <summary>Side from which the working instrument comes: 1 right, -1 left.</summary>
    public int WorkingSide { get; }

    /// <summary>Height in the picture at which the grasper comes in, in half sides.</summary>
    public float GrasperHeight { get; }

    /// <summary>Height in the picture at which the working instrument comes in, in half sides.</summary>
    public float WorkingHeight { get; }

    public int MotionSeed { get; }

    public Tissue Cavity { get; }

    public Tissue Wall { get; }

    public Tissue Liver { get; }

    public Tissue Gallbladder { get; }

    public Tissue Fat { get; }

    public Tissue Bowel { get; }

    public Tissue Raw { get; }

    public Tissue Bed { get; }

    public Tissue Char { get; }

    public Tissue Blood { get; }

    public Tissue Fluid { get; }

    public Tissue Duct { get; }

    public Tissue Artery { get; }

    public Tissue Steel { get; }

    public Tissue Shaft { get; }

    public Tissue Insulation { get; }

    public Tissue Clip { get; }

    public Tissue Bag { get; }

    public Tissue Drape { get; }

    private static Tissue Make(int seed, string name, Vector3 colour, Vector3 patches, float strength, float scale) => new()
    {
        Colour = colour,
        PatchColour = patches,
        Patches = strength,
        PatchScale = scale,
        Noise = new ValueNoise(Streams.Seed(seed, name)),
    };

    private float Scale(string name, float low, float high)
    {
        double position = _range.Draw(_random);
        _scales.Add(name, position);
        return low + ((float)position * (high - low));
    }
}
