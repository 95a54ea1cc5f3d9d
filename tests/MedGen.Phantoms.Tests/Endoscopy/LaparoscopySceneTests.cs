using MedGen.Phantoms.Endoscopy.Laparoscopy;
using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Procedures;

namespace MedGen.Phantoms.Tests.Endoscopy;

public class LaparoscopySceneTests
{
    private const int Side = 64;

    private static readonly OperativeState State = new() { Exposure = 1, CameraY = 0.1f, HalfSide = 1 };

    [Fact]
    public void Render_EachTool_ChangesThePicture()
    {
        float[] without = Green(State, SurgicalTools.None);
        foreach (SurgicalTools tool in CholecystectomyWorkflow.Tools)
        {
            float[] with = Green(State with { BagOpen = 1 }, tool);

            without.Zip(with).Count(p => Math.Abs(p.First - p.Second) > 0.08f).ShouldBeGreaterThan(40, tool.ToString());
        }
    }

    [Fact]
    public void Render_Clips_AreBright()
    {
        float[] without = Green(State with { HalfSide = 0.5f, CameraX = -0.1f, CameraY = 0.3f }, SurgicalTools.None);
        float[] with = Green(State with { HalfSide = 0.5f, CameraX = -0.1f, CameraY = 0.3f, DuctClips = 3, ArteryClips = 2 }, SurgicalTools.None);

        without.Zip(with).Count(p => p.Second - p.First > 0.15f).ShouldBeGreaterThan(15);
    }

    [Fact]
    public void Render_Blood_LowersGreen()
    {
        Green(State with { Blood = 0.9f }, SurgicalTools.None).Average().ShouldBeLessThan(Green(State, SurgicalTools.None).Average() - 0.005f);
    }

    [Fact]
    public void Render_Smoke_VeilsThePicture()
    {
        float Contrast(float[] picture) => picture.Zip(picture.Skip(1)).Average(p => MathF.Abs(p.First - p.Second));

        Contrast(Green(State with { Smoke = 0.7f }, SurgicalTools.None)).ShouldBeLessThan(0.8f * Contrast(Green(State, SurgicalTools.None)));
    }

    private static float[] Green(OperativeState state, SurgicalTools tools)
    {
        LaparoscopyScene scene = new(new LaparoscopyAppearance(3, AppearanceRange.Train), Side, Side);
        (Plane red, Plane green, Plane blue) = (new(Side, Side), new(Side, Side), new(Side, Side));
        LaparoscopyMoment moment = new()
        {
            Second = 3, State = state, Activity = SurgicalActivity.HookDissection, Site = OperativeSite.CalotTriangle, Tools = tools, Reach = 1, NoiseSeed = 1,
        };
        scene.Render(moment, red, green, blue);
        return green.Values;
    }
}
