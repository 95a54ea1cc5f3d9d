using System.Numerics;
using MedGen.Phantoms.Endoscopy.Surfaces;
using MedGen.Phantoms.Procedures;
using static MedGen.Phantoms.Endoscopy.Laparoscopy.OperativeStrokes;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Paints what comes in from outside: instruments where the work is, and the retrieval bag.</summary>
/// <param name="canvas">Where to paint.</param>
/// <param name="look">The appearance.</param>
/// <param name="motion">How hands move.</param>
/// <param name="aspect">Width of the picture over its height.</param>
internal sealed class OperativeHandling(SurfaceCanvas canvas, LaparoscopyAppearance look, CameraMotion motion, float aspect)
{
    public void DrawInstruments(in LaparoscopyMoment moment, EndoscopeView view, GallbladderPose pose, bool behindBag)
    {
        float opening = 0.5f + (0.5f * motion.Wander(moment.Second, 1.3f, 9));
        foreach (SurgicalTools tool in CholecystectomyWorkflow.Tools)
        {
            if (!moment.Tools.HasFlag(tool) || tool == SurgicalTools.SpecimenBag || tool == SurgicalTools.Grasper != behindBag)
            {
                continue;
            }

            bool grasper = tool == SurgicalTools.Grasper;
            Vector2 tip = grasper ? GrasperTip(moment, pose) : WorkingTip(moment, tool);
            int side = grasper ? -look.WorkingSide : look.WorkingSide;
            float entryY = (grasper ? look.GrasperHeight : look.WorkingHeight) + (0.15f * motion.Wander(moment.Second, 0.15f, 10));
            Vector2 entry = ToWorld(view, new Vector2(side * 1.7f * Math.Max(1, aspect), entryY));
            tip = entry + ((tip - entry) * (0.45f + (0.55f * moment.Reach)));
            new Instruments(canvas, look).Draw(tool, entry, tip, grasper && moment.Activity != SurgicalActivity.Inspection ? 0 : opening);
        }
    }

    private Vector2 GrasperTip(in LaparoscopyMoment moment, GallbladderPose pose) => moment.Site switch
    {
        OperativeSite.Adhesions =>
            new Vector2(0.05f + (0.3f * motion.Wander(moment.Second, 0.25f, 11)), 0.05f + (0.25f * motion.Wander(moment.Second, 0.25f, 12))),
        OperativeSite.Exploration => new Vector2(moment.State.CameraX - 0.1f, moment.State.CameraY) + (
            0.35f * new Vector2(motion.Wander(moment.Second, 0.25f, 11), motion.Wander(moment.Second, 0.25f, 12))),
        OperativeSite.AbdominalWall => pose.Bag + new Vector2(-0.2f, 0.15f),
        OperativeSite.Packaging => Vector2.Lerp(pose.Neck, pose.Fundus, 0.15f),
        OperativeSite.LiverBed when moment.State.Drop > 0.5f => look.Neck + new Vector2(0.15f * motion.Wander(moment.Second, 0.25f, 11), -0.15f),
        _ => pose.Neck + (0.25f * (pose.Fundus - pose.Neck)),
    };

    private Vector2 WorkingTip(in LaparoscopyMoment moment, SurgicalTools tool)
    {
        Vector2 wander = new(motion.Wander(moment.Second, 0.6f, 14), motion.Wander(moment.Second, 0.6f, 15));
        Vector2 duct = Vector2.Lerp(look.Neck, look.DuctEnd, 0.45f);
        return moment.Site switch
        {
            OperativeSite.Exploration => new Vector2(moment.State.CameraX + 0.1f, moment.State.CameraY) + (0.4f * wander),
            OperativeSite.Adhesions => new Vector2(0.1f, 0.25f) + (0.2f * wander),
            OperativeSite.CalotTriangle when tool is SurgicalTools.Clipper or SurgicalTools.Scissors =>
                (moment.State.DuctCut > 0.5f ? Vector2.Lerp(look.Neck, look.ArteryEnd, 0.5f) : duct) + (0.05f * wander),
            OperativeSite.CalotTriangle => Vector2.Lerp(duct, look.Neck, 0.3f) + (0.22f * wander),
            OperativeSite.LiverBed when tool == SurgicalTools.Irrigator => look.Neck + new Vector2(0, 0.05f) + (0.35f * wander),
            OperativeSite.LiverBed when moment.State.Detachment > 0.98f => Vector2.Lerp(look.Neck, look.Fundus, 0.4f) + (0.3f * wander),
            OperativeSite.LiverBed => Vector2.Lerp(
                look.Neck, look.Fundus, 0.15f + (0.75f * moment.State.Detachment)) + new Vector2(look.WorkingSide * 0.08f, 0) + (0.16f * wander),
            _ => GallbladderPose.PackingPlace + (0.2f * wander),
        };
    }

    public void DrawBag(in LaparoscopyMoment moment, EndoscopeView view, GallbladderPose pose)
    {
        float open = 0.25f + (0.75f * Ease(moment.State.BagOpen));
        float closing = Ease((moment.State.BagFill - 0.7f) / 0.3f);
        Vector2 sway = new(0.05f * motion.Wander(moment.Second, 0.4f, 16), 0.04f * motion.Wander(moment.Second, 0.4f, 17));
        Vector2 rim = pose.Bag + sway + new Vector2(0, -0.1f * open);
        Vector2 bottom = pose.Bag + sway + new Vector2(0.06f, 0.34f * open);
        float mouth = 0.3f * open * (1 - (0.6f * closing)) * look.Size;
        float belly = 0.27f * open * look.Size;
        Vector2 entry = ToWorld(view, new Vector2(look.WorkingSide * 1.7f * Math.Max(1, aspect), look.WorkingHeight - 0.5f));
        if (moment.State.BagFill < 0.98f || moment.State.Extraction > 0)
        {
            canvas.Draw(
                Body(
                    look.Steel, entry, rim + new Vector2(
                        look.WorkingSide * mouth * 0.9f, 0), 0.09f * look.InstrumentScale, 0.05f * look.InstrumentScale) with { Height = 0.3f });
        }

        float veil = moment.State.BagFill > 0.3f ? 0.72f : 0.9f;
        canvas.Draw(
            Body(
                look.Bag, rim, bottom, mouth, belly) with
                {
                    Height = 0.12f,
                    Bulge = 0.45f,
                    Ragged = 0.06f,
                    Opacity = veil,
                    TextureOrigin = pose.Bag,
                    Shadow = 0.5f,
                });
        if (moment.State.BagFill > 0.4f)
        {
            Vector2 inside = Vector2.Lerp(rim, bottom, 0.55f);
            canvas.Draw(Body(look.Gallbladder, inside, bottom, belly * 0.7f, belly * 0.75f) with
            {
                Height = 0.2f, Bulge = 0.4f, Opacity = 0.5f * Ease(
                    (moment.State.BagFill - 0.4f) / 0.4f), Softness = 0.5f, Shadow = 0, TextureOrigin = pose.Bag,
            });
        }

        if (closing < 0.9f)
        {
            // Into the open mouth no light falls.
            Vector2 lip = rim - new Vector2(0, 0.5f * mouth);
            canvas.Draw(Body(look.Cavity, lip - new Vector2(0.3f * mouth, 0), lip + new Vector2(0.3f * mouth, 0), mouth * 0.36f, mouth * 0.36f) with
            {
                Bulge = 0, Opacity = 0.85f * (1 - closing), Softness = 0.3f, Shadow = 0,
            });
        }
    }

    private static Vector2 ToWorld(EndoscopeView view, Vector2 halfSides)
    {
        (float sin, float cos) = MathF.SinCos(view.Roll);
        Vector2 p = halfSides * view.HalfSide;
        return view.Centre + new Vector2((cos * p.X) - (sin * p.Y), (sin * p.X) + (cos * p.Y));
    }
}
