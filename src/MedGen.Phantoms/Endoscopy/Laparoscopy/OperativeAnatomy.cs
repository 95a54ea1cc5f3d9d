using System.Numerics;
using MedGen.Phantoms.Endoscopy.Surfaces;
using static MedGen.Phantoms.Endoscopy.Laparoscopy.OperativeStrokes;

namespace MedGen.Phantoms.Endoscopy.Laparoscopy;

/// <summary>Paints what the instruments find: organs, the gallbladder with its duct and artery, what hides them and what runs over them.</summary>
/// <param name="canvas">Where to paint.</param>
/// <param name="look">The appearance.</param>
internal sealed class OperativeAnatomy(SurfaceCanvas canvas, LaparoscopyAppearance look)
{
    public void DrawSurroundings()
    {
        canvas.Draw(Body(look.Wall, new(-2.6f, -2.5f), new(2.6f, -2.45f), 1.1f, 1.1f) with { Height = -0.1f, Bulge = 0.3f });
        canvas.Draw(Body(look.Wall, new(2.0f, -1.4f), new(2.2f, 1.2f), 0.75f, 0.8f) with { Height = -0.25f, Bulge = 0.4f });
        canvas.Draw(Body(look.Liver, new(-2.2f, -1.0f), new(0.15f, -0.98f), 0.86f, 0.92f) with { Bulge = 0.32f, Ragged = 0.04f, Shadow = 0.8f });
        canvas.Draw(Body(look.Liver, new(0.75f, -0.84f), new(2.3f, -0.7f), 0.76f, 0.8f) with { Bulge = 0.34f, Ragged = 0.04f, Shadow = 0.6f });
        canvas.Draw(Body(look.Bowel, new(-1.6f, 0.72f), new(-0.15f, 0.9f), 0.3f, 0.24f) with { Bulge = 0.6f, Shadow = 0.6f });
        canvas.Draw(Body(look.Bowel, new(0.15f, 1.02f), new(1.6f, 0.6f), 0.26f, 0.32f) with { Bulge = 0.6f, Ragged = 0.05f, Shadow = 0.6f });
        canvas.Draw(Body(look.Fat, new(-0.3f, 1.15f), new(1.4f, 1.2f), 0.34f, 0.4f) with { Bulge = 0.5f, Ragged = 0.25f, Shadow = 0.5f });
        canvas.Draw(Body(look.Bowel, new(-1.5f, 1.45f), new(0.1f, 1.72f), 0.33f, 0.28f) with { Bulge = 0.6f, Ragged = 0.05f, Shadow = 0.6f });
        canvas.Draw(Body(look.Bowel, new(0.45f, 1.75f), new(1.8f, 1.35f), 0.3f, 0.34f) with { Bulge = 0.6f, Ragged = 0.05f, Shadow = 0.6f });
        canvas.Draw(Body(look.Bowel, new(-1.0f, 2.2f), new(1.1f, 2.3f), 0.36f, 0.32f) with { Bulge = 0.6f, Ragged = 0.05f, Shadow = 0.6f });
        canvas.Draw(Body(look.Fat, new(-1.1f, 0.5f), new(-0.5f, 0.42f), 0.14f, 0.16f) with { Bulge = 0.5f, Ragged = 0.3f, Shadow = 0.4f });
    }

    public void DrawBed(in OperativeState state)
    {
        if (state.Detachment <= 0.01f)
        {
            return;
        }

        // The bed opens from the neck towards the fundus.
        Vector2 near = Vector2.Lerp(look.Fundus, look.Neck, 0.82f);
        Vector2 front = Vector2.Lerp(near, look.Fundus, state.Detachment);
        canvas.Draw(new Stroke
        {
            Tissue = look.Bed, From = near, To = front, FromRadius = look.NeckRadius * 1.5f, ToRadius = look.NeckRadius
                + (state.Detachment * (look.FundusRadius - look.NeckRadius)),
            Height = 0.02f, Bulge = 0.12f, Ragged = 0.16f, Coverage = 1, Opacity = 1, Softness = 0.12f, Shadow = 0.3f,
        });
        canvas.Draw(Layer(look.Char, near, front, look.FundusRadius * 0.9f, 0.46f * state.Charring));
    }

    public void DrawTriangle(in OperativeState state, GallbladderPose pose)
    {
        Vector2 middle = (look.Neck + look.DuctEnd + look.ArteryEnd) / 3;
        float spread = 0.25f * look.Size;
        canvas.Draw(
            Body(
                look.Fat, look.DuctEnd + new Vector2(-0.25f, 0.12f), look.DuctEnd
                    + new Vector2(0.3f, 0.16f), 0.2f, 0.2f) with { Bulge = 0.45f, Ragged = 0.3f });
        canvas.Draw(
            Body(
                look.Raw, middle + new Vector2(-0.1f, 0), middle
                    + new Vector2(0.08f, 0.02f), spread, spread) with { Bulge = 0.15f, Ragged = 0.35f, Shadow = 0.3f });

        // Before the dissection fat and peritoneum hide duct and artery.
        if (state.Exposure > 0.05f)
        {
            DrawVessel(
                look.Artery, look.DuctRadius * 0.6f, pose.Neck
                    + new Vector2(-0.03f, -0.05f), look.ArteryEnd, state.ArteryClips, 2, state.ArteryCut, state);
            DrawVessel(look.Duct, look.DuctRadius, pose.Neck, look.DuctEnd, state.DuctClips, 3, state.DuctCut, state);
            canvas.Draw(Layer(look.Char, middle, middle, spread * 1.1f, 0.38f * state.Charring));
        }

        if (state.Exposure < 0.98f)
        {
            canvas.Draw(Body(look.Fat, middle + new Vector2(-0.1f, 0), middle + new Vector2(0.1f, 0.04f), spread, spread) with
            {
                Bulge = 0.3f, Ragged = 0.35f, Height = 0.04f, Coverage = 1.25f * (1 - state.Exposure), Shadow = 0,
            });
        }
    }

    // A tube from the gallbladder to its far end, with clips across it and, once cut, a gap; the near stump goes with the gallbladder.
    private void DrawVessel(Tissue tissue, float radius, Vector2 near, Vector2 far, float clips, int places, float cut, in OperativeState state)
    {
        Vector2 origin = cut > 0.5f ? look.Neck : near;
        Vector2 axis = Vector2.Normalize(far - origin);
        Vector2 across = new(-axis.Y, axis.X);
        float opacity = Ease(state.Exposure * 1.4f);
        float gap = 0.1f * cut;
        Vector2 nearEnd = Vector2.Lerp(origin, far, 0.42f - gap);
        Vector2 farStart = Vector2.Lerp(origin, far, 0.42f + gap);
        canvas.Draw(Body(tissue, farStart, far, radius, radius * 1.2f) with { Height = 0.06f, Opacity = opacity, Shadow = 0.35f * opacity });
        if (cut < 0.5f)
        {
            canvas.Draw(Body(tissue, origin, nearEnd, radius * 1.2f, radius) with { Height = 0.06f, Opacity = opacity, Shadow = 0.35f * opacity });
        }
        else if (state.BagFill < 0.5f)
        {
            Vector2 stump = near + ((state.Detachment > 0.3f ? new Vector2(0.6f, 0.5f) : axis) * 0.09f);
            canvas.Draw(Body(tissue, near, stump, radius * 1.2f, radius) with { Height = 0.1f });
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
        canvas.Draw(Body(look.Clip, at - (across * half), at + (across * half), 0.02f, 0.02f) with { Height = 0.16f, Shadow = 0.5f });
    }

    public void DrawGallbladder(in OperativeState state, GallbladderPose pose, bool bagInView)
    {
        if (state.BagFill > 0.5f && !bagInView)
        {
            return; // it lies packed out of view
        }

        canvas.Draw(Body(look.Gallbladder, pose.Fundus, pose.Neck, look.FundusRadius, look.NeckRadius) with
        {
            Height = 0.04f, Bulge = 0.8f, Ragged = 0.05f, TextureOrigin = pose.Fundus, Shadow = 0.55f,
        });
        if (state.Detachment > 0.05f)
        {
            // Its back side is raw where it came off.
            Vector2 end = Vector2.Lerp(pose.Neck, pose.Fundus, Math.Clamp(state.Detachment, 0, 0.9f));
            canvas.Draw(Layer(look.Raw, pose.Neck, end, look.FundusRadius * 0.62f, 0.55f) with { TextureOrigin = pose.Fundus });
        }
    }

    public void DrawCover(in OperativeState state)
    {
        if (state.Cover <= 0.02f)
        {
            return;
        }

        float top = 0.62f - (0.75f * state.Cover);
        canvas.Draw(
            Body(
                look.Fat, new(-0.75f, top + 0.45f), new(0.7f, top + 0.35f), 0.42f, 0.36f) with
                {
                    Height = 0.12f,
                    Bulge = 0.4f,
                    Ragged = 0.3f,
                    Coverage = 0.8f + (0.5f * state.Cover),
                });
        canvas.Draw(Body(look.Fat, new(-0.1f, top - 0.1f), new(0.1f, top + 0.3f), 0.12f, 0.2f) with { Height = 0.14f, Bulge = 0.4f, Ragged = 0.4f });
    }

    public void DrawFluids(in OperativeState state, OperativeSite site)
    {
        Vector2 middle = site switch
        {
            OperativeSite.LiverBed => Vector2.Lerp(look.Fundus, look.Neck, 0.6f),
            OperativeSite.Exploration => new Vector2(state.CameraX, state.CameraY),
            _ => (look.Neck + look.DuctEnd) / 2,
        };
        if (state.Blood > 0.01f)
        {
            canvas.Draw(Layer(look.Blood, middle + new Vector2(-0.1f, -0.05f), middle + new Vector2(0.1f, 0.2f), 0.36f, 0.85f * state.Blood));
            canvas.Draw(Layer(look.Blood, look.Neck + new Vector2(0.1f, 0.32f), look.Neck + new Vector2(0.35f, 0.42f), 0.24f, 0.95f * state.Blood));
        }

        if (state.Fluid > 0.01f)
        {
            canvas.Draw(Layer(look.Fluid, new(-0.35f, 0.5f), new(0.55f, 0.52f), 0.3f, 1.2f * state.Fluid) with { Opacity = 0.75f });
            canvas.Draw(Layer(look.Fluid, middle, middle, 0.3f, 0.7f * state.Fluid) with { Opacity = 0.6f });
        }
    }
}
