using System.Numerics;
using MedGen.Phantoms.Endoscopy.Surfaces;
using MedGen.Phantoms.Fields;
using static MedGen.Phantoms.Endoscopy.Laparoscopy.OperativeStrokes;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>What the camera shows on its way: the trocar from inside, or the theatre.</summary>
/// <param name="canvas">Where to paint.</param>
/// <param name="look">The appearance.</param>
/// <param name="motion">How the camera moves.</param>
/// <param name="side">Shorter side of the picture in px.</param>
internal sealed class OutOfBodyScene(SurfaceCanvas canvas, LaparoscopyAppearance look, CameraMotion motion, int side)
{
    /// <summary>Renders a picture of the camera outside the body or inside the trocar.</summary>
    /// <param name="second">Time in s.</param>
    /// <param name="inTrocar">Inside the trocar rather than in the theatre.</param>
    /// <param name="noiseSeed">Seed of the sensor's noise.</param>
    /// <param name="red">Takes red, 0 to 1.</param>
    /// <param name="green">Takes green.</param>
    /// <param name="blue">Takes blue.</param>
    public void Render(float second, bool inTrocar, int noiseSeed, Plane red, Plane green, Plane blue)
    {
        Vector2 drift = new(0.3f * motion.Wander(second, 0.5f, 5), 0.3f * motion.Wander(second, 0.5f, 6));
        canvas.Begin(new EndoscopeView(drift, 1, 0.4f * motion.Wander(second, 0.3f, 7)), inTrocar ? look.Wall : look.Drape);
        if (inTrocar)
        {
            // Rings of the tube around a far opening.
            for (int ring = 0; ring < 5; ring++)
            {
                float radius = 0.85f - (0.16f * ring);
                canvas.Draw(
                    Body(
                        ring % 2 == 0
                            ? look.Steel
                            : look.Shaft, Vector2.Zero, Vector2.Zero, radius, radius) with { Height = -0.15f * ring, Bulge = 0.25f, Shadow = 0.7f });
            }

            canvas.Draw(Body(look.Wall, drift, drift, 0.16f, 0.16f) with { Height = -0.7f, Bulge = 0.1f });
        }
        else
        {
            Vector2 hand = new(0.4f + (0.4f * motion.Wander(second, 0.4f, 8)), 0.3f);
            canvas.Draw(Body(look.Clip, new(-0.9f, -0.7f), new(0.2f, -0.95f), 0.3f, 0.2f) with { Bulge = 0.2f, Softness = 0.5f });
            canvas.Draw(Body(look.Bag, hand, hand + new Vector2(0.8f, 0.6f), 0.16f, 0.3f) with { Bulge = 0.5f, Softness = 0.3f });
        }

        canvas.Shade(look.Light, red, green, blue);
        double blur = (inTrocar ? 0.008 : 0.03) * side;
        Blur.Gaussian(red, blur);
        Blur.Gaussian(green, blur);
        Blur.Gaussian(blue, blur);
        SurfaceCanvas.Finish(look.Light, noiseSeed, red, green, blue);
    }
}
