using System.Numerics;
using MedGen.Phantoms.Endoscopy.Surfaces;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Procedures;
using Plane = MedGen.Phantoms.Fields.Plane;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>
/// Paints the operating field of a laparoscopic cholecystectomy as the camera in the navel sees it: liver above, gallbladder hanging from it,
/// Calot's triangle below its neck, duodenum, colon and omentum at the bottom, abdominal wall far up. One scene renders one picture at a time.
/// </summary>
internal sealed class LaparoscopyScene
{
    private readonly LaparoscopyAppearance _look;
    private readonly SurfaceCanvas _canvas;
    private readonly CameraMotion _motion;
    private readonly OperativeAnatomy _anatomy;
    private readonly OperativeHandling _handling;
    private readonly (int Width, int Height) _size;

    public LaparoscopyScene(LaparoscopyAppearance look, int width, int height)
    {
        (_look, _size) = (look, (width, height));
        _canvas = new SurfaceCanvas(width, height);
        _motion = new CameraMotion(look.MotionSeed);
        _anatomy = new OperativeAnatomy(_canvas, look);
        _handling = new OperativeHandling(_canvas, look, _motion, (float)width / height);
        OutOfBody = new OutOfBodyScene(_canvas, look, _motion, Math.Min(width, height));
    }

    /// <summary>What the camera shows on its way in and out, on the same canvas.</summary>
    public OutOfBodyScene OutOfBody { get; }

    /// <summary>Renders one picture.</summary>
    /// <param name="moment">What to show.</param>
    /// <param name="red">Takes red, 0 to 1.</param>
    /// <param name="green">Takes green.</param>
    /// <param name="blue">Takes blue.</param>
    public void Render(in LaparoscopyMoment moment, Plane red, Plane green, Plane blue)
    {
        OperativeState state = moment.State;
        EndoscopeView view = new(
            new Vector2(
                state.CameraX + (0.02f * _motion.Wander(moment.Second, 0.9f, 1)), state.CameraY + (0.02f * _motion.Wander(moment.Second, 0.9f, 2))),
            state.HalfSide * _look.Zoom,
            _look.BaseRoll + state.Roll);
        _canvas.Begin(view, _look.Cavity);
        GallbladderPose pose = GallbladderPose.At(state, moment.Second, _look, _motion);
        _anatomy.DrawSurroundings();
        _anatomy.DrawBed(state);
        _anatomy.DrawTriangle(state, pose);
        if (state.BagFill < 0.98f || !moment.Tools.HasFlag(SurgicalTools.SpecimenBag))
        {
            _anatomy.DrawGallbladder(state, pose, moment.Tools.HasFlag(SurgicalTools.SpecimenBag));
        }

        _anatomy.DrawCover(state);
        _anatomy.DrawFluids(state, moment.Site);
        _handling.DrawInstruments(moment, view, pose, behindBag: true);
        if (moment.Tools.HasFlag(SurgicalTools.SpecimenBag))
        {
            _handling.DrawBag(moment, view, pose);
        }

        _handling.DrawInstruments(moment, view, pose, behindBag: false);
        _canvas.Shade(_look.Light, red, green, blue);
        AddSmoke(state.Smoke, moment.Second, red, green, blue);
        double softness = _look.Light.Softness * Math.Min(_size.Width, _size.Height);
        Blur.Gaussian(red, softness);
        Blur.Gaussian(green, softness);
        Blur.Gaussian(blue, softness);
        SurfaceCanvas.Finish(_look.Light, moment.NoiseSeed, red, green, blue);
    }

    private void AddSmoke(float smoke, float second, Plane red, Plane green, Plane blue)
    {
        if (smoke <= 0.02f)
        {
            return;
        }

        (int width, int height) = _size;
        float half = Math.Min(width, height) / 2f;
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at++)
            {
                float cloud = 0.5f
                    + (0.7f * _motion.Noise.Fractal((x / half * 1.3f) + (second * 0.4f), (y / half * 1.3f) - (second * 0.3f), second * 0.3f, 2));
                float veil = Math.Clamp(smoke * cloud * 1.3f, 0, 0.92f);
                red.Values[at] += veil * (0.66f - red.Values[at]);
                green.Values[at] += veil * (0.6f - green.Values[at]);
                blue.Values[at] += veil * (0.58f - blue.Values[at]);
            }
        }
    }
}
