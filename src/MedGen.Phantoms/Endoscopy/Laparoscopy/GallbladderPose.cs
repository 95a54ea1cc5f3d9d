using System.Numerics;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Where the gallbladder and the retrieval bag are, in field coordinates.</summary>
internal readonly record struct GallbladderPose(Vector2 Fundus, Vector2 Neck, Vector2 Bag)
{
    /// <summary>Where it is packed into the bag.</summary>
    public static readonly Vector2 PackingPlace = new(0.34f, 0.34f);

    private static readonly Vector2 Trocar = new(0.62f, -1.75f);

    /// <summary>On its bed, swung up by its neck as it comes off, moved to the packing site, in the bag, at the wall.</summary>
    public static GallbladderPose At(in OperativeState state, float second, LaparoscopyAppearance look, CameraMotion motion)
    {
        Vector2 rest = look.Neck - look.Fundus;
        float start = MathF.Atan2(rest.Y, rest.X);
        float end = -0.35f;
        float swing = OperativeStrokes.Ease(state.Detachment);
        float angle = start + (swing * (end - start));
        float length = rest.Length() * (1 - (0.25f * MathF.Sin(MathF.PI * swing)));
        Vector2 pull = new(0.035f * motion.Wander(second, 0.35f, 3), 0.035f * motion.Wander(second, 0.35f, 4));
        Vector2 fundus = look.Fundus + (0.4f * pull);
        Vector2 neck = fundus + new Vector2(length * MathF.Cos(angle), length * MathF.Sin(angle)) + pull;
        float drop = OperativeStrokes.Ease(state.Drop);
        Vector2 packed = PackingPlace + new Vector2(0, -0.3f + (0.36f * OperativeStrokes.Ease(state.BagFill)));
        fundus = Vector2.Lerp(fundus, packed + new Vector2(0.1f, 0.22f * look.Size), drop);
        neck = Vector2.Lerp(neck, packed + new Vector2(-0.12f, -0.3f * look.Size), drop);
        Vector2 bag = Vector2.Lerp(PackingPlace, Trocar + new Vector2(0, 0.28f), OperativeStrokes.Ease(state.Extraction));
        Vector2 shift = bag - PackingPlace;
        return new GallbladderPose(fundus + shift, neck + shift, bag);
    }
}
