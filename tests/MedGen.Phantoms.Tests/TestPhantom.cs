using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Tests;

/// <summary>A simulator with one parameter of each type.</summary>
internal sealed class TestPhantom : IPhantom
{
    public string Kind => "test";

    public string Modality => "OT";

    public string Description => "A flat grey.";

    public IReadOnlyList<string> Labels { get; } = ["grey"];

    public IReadOnlyList<PhantomParameter> Parameters { get; } =
    [
        PhantomParameter.Number("depth", "Depth in cm.", 2, 10),
        PhantomParameter.Integer("count", "How many.", 0, 4),
        PhantomParameter.Word("shape", "Outline.", "round", "square"),
    ];

    public PhantomClip Simulate(PhantomRequest request)
    {
        ParameterDraws draws = new(this, request);
        double depth = draws.Number("depth", 3, 4);
        draws.Integer("count");
        draws.Word("shape", 1, 0);
        return new PhantomClip
        {
            Truth = draws.Truth("nothing", "grey"),
            BriefCaption = "",
            DetailedCaption = "",
            Frames = PlaneFrames.Grey(request, (_, plane) => plane.Values.AsSpan().Fill((float)(depth / 10))),
        };
    }
}
