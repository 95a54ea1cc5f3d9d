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
/// <param name="look">The appearance.</param>
/// <param name="width">Width in px.</param>
/// <param name="height">Height in px.</param>
internal sealed class LaparoscopyScene(LaparoscopyAppearance look, int width, int height)
{
    private static readonly Vector2 PackingPlace = new(0.34f, 0.34f);
    private static readonly Vector2 Trocar = new(0.62f, -1.75f);

    private readonly SurfaceCanvas _canvas = new(width, height);
    private readonly ValueNoise _motion = new(look.MotionSeed);

    /// <summary>Renders one picture.</summary>
    /// <param name="moment">What to show.</param>
    /// <param name="red">Takes red, 0 to 1.</param>
    /// <param name="green">Takes green.</param>
    /// <param name="blue">Takes blue.</param>
    public void Render(in LaparoscopyMoment moment, Plane red, Plane green, Plane blue)
    {
        OperativeState state = moment.State;
        EndoscopeView view = new(
            new Vector2(state.CameraX + (0.02f * Wander(moment.Second, 0.9f, 1)), state.CameraY + (0.02f * Wander(moment.Second, 0.9f, 2))),
            state.HalfSide * look.Zoom,
            look.BaseRoll + state.Roll);
        _canvas.Begin(view, look.Cavity);
        Pose pose = PoseOf(state, moment.Second);
        DrawSurroundings();
        DrawBed(state);
        DrawTriangle(state, pose);
        if (state.BagFill < 0.98f || !moment.Tools.HasFlag(SurgicalTools.SpecimenBag))
        {
            DrawGallbladder(state, pose, moment.Tools.HasFlag(SurgicalTools.SpecimenBag));
        }

        DrawCover(state);
        DrawFluids(state, moment.Site);
        DrawInstruments(moment, view, pose, behindBag: true);
        if (moment.Tools.HasFlag(SurgicalTools.SpecimenBag))
        {
            DrawBag(moment, view, pose);
        }

        DrawInstruments(moment, view, pose, behindBag: false);
        _canvas.Shade(look.Light, red, green, blue);
        AddSmoke(state.Smoke, moment.Second, red, green, blue);
        double softness = look.Light.Softness * Math.Min(width, height);
        Blur.Gaussian(red, softness);
        Blur.Gaussian(green, softness);
        Blur.Gaussian(blue, softness);
        SurfaceCanvas.Finish(look.Light, moment.NoiseSeed, red, green, blue);
    }

    /// <summary>Renders a picture of the camera outside the body or inside the trocar.</summary>
    /// <param name="second">Time in s.</param>
    /// <param name="inTrocar">Inside the trocar rather than in the theatre.</param>
    /// <param name="noiseSeed">Seed of the sensor's noise.</param>
    /// <param name="red">Takes red, 0 to 1.</param>
    /// <param name="green">Takes green.</param>
    /// <param name="blue">Takes blue.</param>
    public void RenderOutOfBody(float second, bool inTrocar, int noiseSeed, Plane red, Plane green, Plane blue)
    {
        Vector2 drift = new(0.3f * Wander(second, 0.5f, 5), 0.3f * Wander(second, 0.5f, 6));
        _canvas.Begin(new EndoscopeView(drift, 1, 0.4f * Wander(second, 0.3f, 7)), inTrocar ? look.Wall : look.Drape);
        if (inTrocar)
        {
            // Rings of the tube around a far opening.
            for (int ring = 0; ring < 5; ring++)
            {
                float radius = 0.85f - (0.16f * ring);
                _canvas.Draw(Body(ring % 2 == 0 ? look.Steel : look.Shaft, Vector2.Zero, Vector2.Zero, radius, radius) with { Height = -0.15f * ring, Bulge = 0.25f, Shadow = 0.7f });
            }

            _canvas.Draw(Body(look.Wall, drift, drift, 0.16f, 0.16f) with { Height = -0.7f, Bulge = 0.1f });
        }
        else
        {
            Vector2 hand = new(0.4f + (0.4f * Wander(second, 0.4f, 8)), 0.3f);
            _canvas.Draw(Body(look.Clip, new(-0.9f, -0.7f), new(0.2f, -0.95f), 0.3f, 0.2f) with { Bulge = 0.2f, Softness = 0.5f });
            _canvas.Draw(Body(look.Bag, hand, hand + new Vector2(0.8f, 0.6f), 0.16f, 0.3f) with { Bulge = 0.5f, Softness = 0.3f });
        }

        _canvas.Shade(look.Light, red, green, blue);
        double blur = (inTrocar ? 0.008 : 0.03) * Math.Min(width, height);
        Blur.Gaussian(red, blur);
        Blur.Gaussian(green, blur);
        Blur.Gaussian(blue, blur);
        SurfaceCanvas.Finish(look.Light, noiseSeed, red, green, blue);
    }

    private static Stroke Body(Tissue tissue, Vector2 from, Vector2 to, float fromRadius, float toRadius) => new()
    {
        Tissue = tissue, From = from, To = to, FromRadius = fromRadius, ToRadius = toRadius, Bulge = 1, Coverage = 1, Opacity = 1, Shadow = 0.4f,
    };

    private static Stroke Layer(Tissue tissue, Vector2 from, Vector2 to, float radius, float coverage) => new()
    {
        Tissue = tissue, From = from, To = to, FromRadius = radius, ToRadius = radius, Coverage = coverage, Opacity = 1, Softness = 0.35f, Ragged = 0.3f,
    };

    private static float Ease(float value) => Math.Clamp(value, 0, 1) is var t ? t * t * (3 - (2 * t)) : 0;

    private float Wander(float second, float rate, int channel) => _motion.Fractal(second * rate, channel * 13.7f, 2);

    // Where the gallbladder is: on its bed, swung up by its neck as it comes off, moved to the packing site, in the bag, at the wall.
    private Pose PoseOf(in OperativeState state, float second)
    {
        Vector2 rest = look.Neck - look.Fundus;
        float start = MathF.Atan2(rest.Y, rest.X);
        float end = -0.35f;
        float swing = Ease(state.Detachment);
        float angle = start + (swing * (end - start));
        float length = rest.Length() * (1 - (0.25f * MathF.Sin(MathF.PI * swing)));
        Vector2 pull = new(0.035f * Wander(second, 0.35f, 3), 0.035f * Wander(second, 0.35f, 4));
        Vector2 fundus = look.Fundus + (0.4f * pull);
        Vector2 neck = fundus + new Vector2(length * MathF.Cos(angle), length * MathF.Sin(angle)) + pull;
        float drop = Ease(state.Drop);
        Vector2 packed = PackingPlace + new Vector2(0, -0.3f + (0.36f * Ease(state.BagFill)));
        fundus = Vector2.Lerp(fundus, packed + new Vector2(0.1f, 0.22f * look.Size), drop);
        neck = Vector2.Lerp(neck, packed + new Vector2(-0.12f, -0.3f * look.Size), drop);
        Vector2 bag = Vector2.Lerp(PackingPlace, Trocar + new Vector2(0, 0.28f), Ease(state.Extraction));
        Vector2 shift = bag - PackingPlace;
        return new Pose(fundus + shift, neck + shift, bag);
    }

    private void DrawSurroundings()
    {
        _canvas.Draw(Body(look.Wall, new(-2.6f, -2.5f), new(2.6f, -2.45f), 1.1f, 1.1f) with { Height = -0.1f, Bulge = 0.3f });
        _canvas.Draw(Body(look.Wall, new(2.0f, -1.4f), new(2.2f, 1.2f), 0.75f, 0.8f) with { Height = -0.25f, Bulge = 0.4f });
        _canvas.Draw(Body(look.Liver, new(-2.2f, -1.0f), new(0.15f, -0.98f), 0.86f, 0.92f) with { Bulge = 0.32f, Ragged = 0.04f, Shadow = 0.8f });
        _canvas.Draw(Body(look.Liver, new(0.75f, -0.84f), new(2.3f, -0.7f), 0.76f, 0.8f) with { Bulge = 0.34f, Ragged = 0.04f, Shadow = 0.6f });
        _canvas.Draw(Body(look.Bowel, new(-1.6f, 0.72f), new(-0.15f, 0.9f), 0.3f, 0.24f) with { Bulge = 0.6f, Shadow = 0.6f });
        _canvas.Draw(Body(look.Bowel, new(0.15f, 1.02f), new(1.6f, 0.6f), 0.26f, 0.32f) with { Bulge = 0.6f, Ragged = 0.05f, Shadow = 0.6f });
        _canvas.Draw(Body(look.Fat, new(-0.3f, 1.15f), new(1.4f, 1.2f), 0.34f, 0.4f) with { Bulge = 0.5f, Ragged = 0.25f, Shadow = 0.5f });
        _canvas.Draw(Body(look.Fat, new(-1.1f, 0.5f), new(-0.5f, 0.42f), 0.14f, 0.16f) with { Bulge = 0.5f, Ragged = 0.3f, Shadow = 0.4f });
    }

    private void DrawBed(in OperativeState state)
    {
        if (state.Detachment <= 0.01f)
        {
            return;
        }

        // The bed opens from the neck towards the fundus.
        Vector2 near = Vector2.Lerp(look.Fundus, look.Neck, 0.82f);
        Vector2 front = Vector2.Lerp(near, look.Fundus, state.Detachment);
        _canvas.Draw(new Stroke
        {
            Tissue = look.Bed, From = near, To = front, FromRadius = look.NeckRadius * 1.5f, ToRadius = look.NeckRadius + (state.Detachment * (look.FundusRadius - look.NeckRadius)),
            Height = 0.02f, Bulge = 0.12f, Ragged = 0.16f, Coverage = 1, Opacity = 1, Softness = 0.12f, Shadow = 0.3f,
        });
        _canvas.Draw(Layer(look.Char, near, front, look.FundusRadius * 0.9f, 0.46f * state.Charring));
    }

    private void DrawTriangle(in OperativeState state, Pose pose)
    {
        Vector2 middle = (look.Neck + look.DuctEnd + look.ArteryEnd) / 3;
        float spread = 0.25f * look.Size;
        _canvas.Draw(Body(look.Fat, look.DuctEnd + new Vector2(-0.25f, 0.12f), look.DuctEnd + new Vector2(0.3f, 0.16f), 0.2f, 0.2f) with { Bulge = 0.45f, Ragged = 0.3f });
        _canvas.Draw(Body(look.Raw, middle + new Vector2(-0.1f, 0), middle + new Vector2(0.08f, 0.02f), spread, spread) with { Bulge = 0.15f, Ragged = 0.35f, Shadow = 0.3f });

        // Before the dissection fat and peritoneum hide duct and artery.
        if (state.Exposure > 0.05f)
        {
            DrawVessel(look.Artery, look.DuctRadius * 0.6f, Vector2.Lerp(look.Neck, pose.Neck, 1) + new Vector2(-0.03f, -0.05f), look.ArteryEnd, state.ArteryClips, 2, state.ArteryCut, state.Exposure, state.Detachment);
            DrawVessel(look.Duct, look.DuctRadius, pose.Neck, look.DuctEnd, state.DuctClips, 3, state.DuctCut, state.Exposure, state.Detachment);
            _canvas.Draw(Layer(look.Char, middle, middle, spread * 1.1f, 0.38f * state.Charring));
        }

        if (state.Exposure < 0.98f)
        {
            _canvas.Draw(Body(look.Fat, middle + new Vector2(-0.1f, 0), middle + new Vector2(0.1f, 0.04f), spread, spread) with
            {
                Bulge = 0.3f, Ragged = 0.35f, Height = 0.04f, Coverage = 1.25f * (1 - state.Exposure), Shadow = 0,
            });
        }
    }

    // A tube from the gallbladder to its far end, with clips across it and, once cut, a gap; the near stump goes with the gallbladder.
    private void DrawVessel(Tissue tissue, float radius, Vector2 near, Vector2 far, float clips, int places, float cut, float exposure, float detachment)
    {
        Vector2 origin = Vector2.Lerp(look.Neck, near, cut > 0.5f ? 0 : 1);
        Vector2 axis = Vector2.Normalize(far - origin);
        Vector2 across = new(-axis.Y, axis.X);
        float opacity = Ease(exposure * 1.4f);
        float gap = 0.1f * cut;
        Vector2 nearEnd = Vector2.Lerp(origin, far, 0.42f - gap);
        Vector2 farStart = Vector2.Lerp(origin, far, 0.42f + gap);
        _canvas.Draw(Body(tissue, farStart, far, radius, radius * 1.2f) with { Height = 0.06f, Opacity = opacity, Shadow = 0.35f * opacity });
        if (cut < 0.5f)
        {
            _canvas.Draw(Body(tissue, origin, nearEnd, radius * 1.2f, radius) with { Height = 0.06f, Opacity = opacity, Shadow = 0.35f * opacity });
        }
        else
        {
            Vector2 stump = near + ((detachment > 0.3f ? new Vector2(0.6f, 0.5f) : axis) * 0.09f);
            _canvas.Draw(Body(tissue, near, stump, radius * 1.2f, radius) with { Height = 0.1f });
            Clip(stump, across, radius);
        }

        // The clips that stay are beyond the cut; the last one placed is on the gallbladder's side and leaves with it.
        for (int i = 0; i < places && i < clips - 0.5f; i++)
        {
            bool leaves = i == places - 1;
            if (leaves && cut >= 0.5f)
            {
                continue;
            }

            Clip(Vector2.Lerp(origin, far, leaves ? 0.26f : 0.56f + (0.14f * i)), across, radius);
        }
    }

    private void Clip(Vector2 at, Vector2 across, float radius)
    {
        float half = (radius * 1.5f) + 0.022f;
        _canvas.Draw(Body(look.Clip, at - (across * half), at + (across * half), 0.02f, 0.02f) with { Height = 0.16f, Shadow = 0.5f });
    }

    private void DrawGallbladder(in OperativeState state, Pose pose, bool bagInView)
    {
        if (state.BagFill > 0.5f && !bagInView)
        {
            return; // it lies packed out of view
        }

        _canvas.Draw(Body(look.Gallbladder, pose.Fundus, pose.Neck, look.FundusRadius, look.NeckRadius) with
        {
            Height = 0.04f, Bulge = 0.8f, Ragged = 0.05f, TextureOrigin = pose.Fundus, Shadow = 0.55f,
        });
        if (state.Detachment > 0.05f)
        {
            // Its back side is raw where it came off.
            Vector2 end = Vector2.Lerp(pose.Neck, pose.Fundus, Math.Clamp(state.Detachment, 0, 0.9f));
            _canvas.Draw(Layer(look.Raw, pose.Neck, end, look.FundusRadius * 0.62f, 0.55f) with { TextureOrigin = pose.Fundus });
        }
    }

    private void DrawCover(in OperativeState state)
    {
        if (state.Cover <= 0.02f)
        {
            return;
        }

        float top = 0.62f - (0.75f * state.Cover);
        _canvas.Draw(Body(look.Fat, new(-0.75f, top + 0.45f), new(0.7f, top + 0.35f), 0.42f, 0.36f) with { Height = 0.12f, Bulge = 0.4f, Ragged = 0.3f, Coverage = 0.8f + (0.5f * state.Cover) });
        _canvas.Draw(Body(look.Fat, new(-0.1f, top - 0.1f), new(0.1f, top + 0.3f), 0.12f, 0.2f) with { Height = 0.14f, Bulge = 0.4f, Ragged = 0.4f });
    }

    private void DrawFluids(in OperativeState state, OperativeSite site)
    {
        Vector2 middle = site == OperativeSite.LiverBed ? Vector2.Lerp(look.Fundus, look.Neck, 0.6f) : (look.Neck + look.DuctEnd) / 2;
        if (state.Blood > 0.01f)
        {
            _canvas.Draw(Layer(look.Blood, middle + new Vector2(-0.1f, -0.05f), middle + new Vector2(0.1f, 0.2f), 0.36f, 0.85f * state.Blood));
            _canvas.Draw(Layer(look.Blood, look.Neck + new Vector2(0.1f, 0.32f), look.Neck + new Vector2(0.35f, 0.42f), 0.24f, 0.95f * state.Blood));
        }

        if (state.Fluid > 0.01f)
        {
            _canvas.Draw(Layer(look.Fluid, new(-0.35f, 0.5f), new(0.55f, 0.52f), 0.3f, 1.2f * state.Fluid) with { Opacity = 0.75f });
            _canvas.Draw(Layer(look.Fluid, middle, middle, 0.3f, 0.7f * state.Fluid) with { Opacity = 0.6f });
        }
    }

    private void DrawInstruments(in LaparoscopyMoment moment, EndoscopeView view, Pose pose, bool behindBag)
    {
        float opening = 0.5f + (0.5f * Wander(moment.Second, 1.3f, 9));
        foreach (SurgicalTools tool in CholecystectomyWorkflow.Tools)
        {
            if (!moment.Tools.HasFlag(tool) || tool == SurgicalTools.SpecimenBag || tool == SurgicalTools.Grasper != behindBag)
            {
                continue;
            }

            bool grasper = tool == SurgicalTools.Grasper;
            Vector2 tip = grasper ? GrasperTip(moment, pose) : WorkingTip(moment, tool);
            int side = grasper ? -look.WorkingSide : look.WorkingSide;
            float entryY = (grasper ? look.GrasperHeight : look.WorkingHeight) + (0.15f * Wander(moment.Second, 0.15f, 10));
            Vector2 entry = ToWorld(view, new Vector2(side * 1.7f * Math.Max(1, (float)width / height), entryY));
            tip = entry + ((tip - entry) * (0.45f + (0.55f * moment.Reach)));
            new Instruments(_canvas, look).Draw(tool, entry, tip, grasper && moment.Activity != SurgicalActivity.Inspection ? 0 : opening);
        }
    }

    private Vector2 GrasperTip(in LaparoscopyMoment moment, Pose pose) => moment.Site switch
    {
        OperativeSite.Adhesions => new Vector2(0.05f + (0.3f * Wander(moment.Second, 0.25f, 11)), 0.05f + (0.25f * Wander(moment.Second, 0.25f, 12))),
        OperativeSite.AbdominalWall => pose.Bag + new Vector2(-0.2f, 0.15f),
        OperativeSite.Packaging => Vector2.Lerp(pose.Neck, pose.Fundus, 0.15f),
        OperativeSite.LiverBed when moment.State.Drop > 0.5f => look.Neck + new Vector2(0.15f * Wander(moment.Second, 0.25f, 11), -0.15f),
        _ => pose.Neck + (0.25f * (pose.Fundus - pose.Neck)),
    };

    private Vector2 WorkingTip(in LaparoscopyMoment moment, SurgicalTools tool)
    {
        Vector2 wander = new(Wander(moment.Second, 0.6f, 14), Wander(moment.Second, 0.6f, 15));
        Vector2 duct = Vector2.Lerp(look.Neck, look.DuctEnd, 0.45f);
        return moment.Site switch
        {
            OperativeSite.Adhesions => new Vector2(0.1f, 0.25f) + (0.2f * wander),
            OperativeSite.CalotTriangle when tool is SurgicalTools.Clipper or SurgicalTools.Scissors =>
                (moment.State.DuctCut > 0.5f ? Vector2.Lerp(look.Neck, look.ArteryEnd, 0.5f) : duct) + (0.05f * wander),
            OperativeSite.CalotTriangle => Vector2.Lerp(duct, look.Neck, 0.3f) + (0.22f * wander),
            OperativeSite.LiverBed when tool == SurgicalTools.Irrigator => look.Neck + new Vector2(0, 0.05f) + (0.35f * wander),
            OperativeSite.LiverBed when moment.State.Detachment > 0.98f => Vector2.Lerp(look.Neck, look.Fundus, 0.4f) + (0.3f * wander),
            OperativeSite.LiverBed => Vector2.Lerp(look.Neck, look.Fundus, 0.15f + (0.75f * moment.State.Detachment)) + new Vector2(look.WorkingSide * 0.08f, 0) + (0.16f * wander),
            _ => PackingPlace + (0.2f * wander),
        };
    }

    private void DrawBag(in LaparoscopyMoment moment, EndoscopeView view, Pose pose)
    {
        float open = 0.25f + (0.75f * Ease(moment.State.BagOpen));
        float closing = Ease((moment.State.BagFill - 0.7f) / 0.3f);
        Vector2 sway = new(0.05f * Wander(moment.Second, 0.4f, 16), 0.04f * Wander(moment.Second, 0.4f, 17));
        Vector2 rim = pose.Bag + sway + new Vector2(0, -0.1f * open);
        Vector2 bottom = pose.Bag + sway + new Vector2(0.06f, 0.34f * open);
        float mouth = 0.3f * open * (1 - (0.6f * closing)) * look.Size;
        float belly = 0.27f * open * look.Size;
        Vector2 entry = ToWorld(view, new Vector2(look.WorkingSide * 1.7f * Math.Max(1, (float)width / height), look.WorkingHeight - 0.5f));
        if (moment.State.BagFill < 0.98f || moment.State.Extraction > 0)
        {
            _canvas.Draw(Body(look.Steel, entry, rim + new Vector2(look.WorkingSide * mouth * 0.9f, 0), 0.09f * look.InstrumentScale, 0.05f * look.InstrumentScale) with { Height = 0.3f });
        }

        float veil = moment.State.BagFill > 0.3f ? 0.72f : 0.9f;
        _canvas.Draw(Body(look.Bag, rim, bottom, mouth, belly) with { Height = 0.12f, Bulge = 0.45f, Ragged = 0.06f, Opacity = veil, TextureOrigin = pose.Bag, Shadow = 0.5f });
        if (moment.State.BagFill > 0.4f)
        {
            Vector2 inside = Vector2.Lerp(rim, bottom, 0.55f);
            _canvas.Draw(Body(look.Gallbladder, inside, bottom, belly * 0.7f, belly * 0.75f) with
            {
                Height = 0.2f, Bulge = 0.4f, Opacity = 0.5f * Ease((moment.State.BagFill - 0.4f) / 0.4f), Softness = 0.5f, Shadow = 0, TextureOrigin = pose.Bag,
            });
        }

        if (closing < 0.9f)
        {
            _canvas.Draw(Body(look.Char, rim + new Vector2(-0.35f * mouth, -0.25f * mouth), rim + new Vector2(0.35f * mouth, -0.25f * mouth), mouth * 0.4f, mouth * 0.4f) with
            {
                Height = 0.05f, Bulge = 0.1f, Opacity = 0.55f * (1 - closing), Softness = 0.4f, Shadow = 0,
            });
        }
    }

    private void AddSmoke(float smoke, float second, Plane red, Plane green, Plane blue)
    {
        if (smoke <= 0.02f)
        {
            return;
        }

        float half = Math.Min(width, height) / 2f;
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at++)
            {
                float cloud = 0.5f + (0.7f * _motion.Fractal((x / half * 1.3f) + (second * 0.4f), (y / half * 1.3f) - (second * 0.3f), second * 0.3f, 2));
                float veil = Math.Clamp(smoke * cloud * 1.3f, 0, 0.92f);
                red.Values[at] += veil * (0.66f - red.Values[at]);
                green.Values[at] += veil * (0.6f - green.Values[at]);
                blue.Values[at] += veil * (0.58f - blue.Values[at]);
            }
        }
    }

    private static Vector2 ToWorld(EndoscopeView view, Vector2 halfSides)
    {
        (float sin, float cos) = MathF.SinCos(view.Roll);
        Vector2 p = halfSides * view.HalfSide;
        return view.Centre + new Vector2((cos * p.X) - (sin * p.Y), (sin * p.X) + (cos * p.Y));
    }

    private readonly record struct Pose(Vector2 Fundus, Vector2 Neck, Vector2 Bag);
}
