using System.Numerics;
using MedGen.Phantoms.Endoscopy.Surfaces;
using MedGen.Phantoms.Procedures;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Paints laparoscopic instruments: a shaft from the border of the picture and the working end that tells them apart.</summary>
/// <param name="canvas">Takes the strokes.</param>
/// <param name="look">Tissues of steel, insulation and shaft; width.</param>
internal sealed class Instruments(SurfaceCanvas canvas, LaparoscopyAppearance look)
{
    private const float ShaftHeight = 0.32f;
    private const float BaseRadius = 0.052f;

    /// <summary>Paints one instrument.</summary>
    /// <param name="tool">Which one; not the specimen bag.</param>
    /// <param name="entry">World point where the shaft enters the picture.</param>
    /// <param name="tip">World point of the working end.</param>
    /// <param name="opening">How far jaws are open, 0 to 1.</param>
    public void Draw(SurgicalTools tool, Vector2 entry, Vector2 tip, float opening)
    {
        float r = BaseRadius * look.InstrumentScale;
        Vector2 e = Vector2.Normalize(tip - entry);
        Vector2 n = new(-e.Y, e.X);
        switch (tool)
        {
            case SurgicalTools.Grasper:
                Shaft(entry, tip - (e * 0.2f), r, look.Steel);
                Jaws(tip, e, n, r * 0.75f, 0.2f, 0.1f + (0.35f * opening), look.Steel, 0.6f);
                break;
            case SurgicalTools.Hook:
                Shaft(entry, tip - (e * 0.17f), r, look.Shaft);
                Bar(tip - (e * 0.18f), tip - (e * 0.1f), r * 0.7f, r * 0.45f, look.Clip);
                Bar(tip - (e * 0.1f), tip, r * 0.32f, r * 0.3f, look.Steel);
                Bar(tip, tip + (n * 0.075f) - (e * 0.012f), r * 0.3f, r * 0.26f, look.Steel);
                break;
            case SurgicalTools.Bipolar:
                Shaft(entry, tip - (e * 0.24f), r, look.Insulation);
                Bar(tip - (e * 0.26f), tip - (e * 0.2f), r * 0.95f, r * 0.6f, look.Insulation);
                Jaws(tip, e, n, r * 0.36f, 0.21f, 0.18f + (0.3f * opening), look.Steel, 0.9f);
                break;
            case SurgicalTools.Scissors:
                Shaft(entry, tip - (e * 0.19f), r, look.Shaft);
                Bar(tip - (e * 0.2f), tip - (e * 0.14f), r * 0.85f, r * 0.7f, look.Steel);
                Jaws(tip, e, n, r * 0.42f, 0.16f, 0.2f + (0.5f * opening), look.Steel, 0.1f);
                break;
            case SurgicalTools.Clipper:
                Shaft(entry, tip - (e * 0.2f), r * 1.75f, look.Steel);
                Bar(tip - (e * 0.26f), tip - (e * 0.14f), r * 1.7f, r * 1.25f, look.Steel);
                Jaws(tip, e, n, r * 0.5f, 0.17f, 0.3f + (0.12f * opening), look.Steel, 1);
                Jaws(tip + (e * 0.01f), e, n, r * 0.2f, 0.07f, 0.4f, look.Clip, 1);
                break;
            case SurgicalTools.Irrigator:
                Shaft(entry, tip, r * 0.95f, look.Steel);
                Bar(tip - (e * 0.005f), tip, r * 0.6f, r * 0.55f, look.Char);
                for (int i = 1; i <= 3; i++)
                {
                    Vector2 hole = tip - (e * 0.05f * i) + (n * r * 0.25f);
                    Bar(hole, hole, r * 0.2f, r * 0.2f, look.Char);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(tool), tool, "Not an instrument with a shaft.");
        }
    }

    // The shaft comes from before the lens, so it is wider at the border of the picture.
    private void Shaft(Vector2 from, Vector2 to, float radius, Tissue tissue) => canvas.Draw(new Stroke
    {
        From = from, To = to, FromRadius = radius * 1.7f, ToRadius = radius, Tissue = tissue, Height = ShaftHeight, Bulge = 1, Coverage = 1,
        Opacity = 1, Shadow = 0.45f,
        TextureOrigin = to,
    });

    private void Bar(Vector2 from, Vector2 to, float fromRadius, float toRadius, Tissue tissue) => canvas.Draw(new Stroke
    {
        From = from, To = to, FromRadius = fromRadius, ToRadius = toRadius, Tissue = tissue, Height = ShaftHeight, Bulge = 1, Coverage = 1,
        Opacity = 1, Shadow = 0.3f,
        TextureOrigin = to,
    });

    private void Jaws(Vector2 tip, Vector2 e, Vector2 n, float radius, float length, float spread, Tissue tissue, float blunt)
    {
        Vector2 hinge = tip - (e * length);
        for (int side = -1; side <= 1; side += 2)
        {
            Vector2 end = tip + (n * (side * spread * length * 0.7f));
            Bar(hinge, end, radius, radius * (0.25f + (0.6f * blunt)), tissue);
        }
    }
}
