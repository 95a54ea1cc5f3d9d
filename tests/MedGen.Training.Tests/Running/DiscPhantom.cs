using System.Globalization;
using MedGen.Sdk.Frames;
using MedGen.Phantoms;

namespace MedGen.Training.Tests.Running;

/// <summary>A coloured disc that moves to the right: quick to simulate, and its caption tells its colour.</summary>
internal sealed class DiscPhantom : IPhantom
{
    public string Kind => "test-disc";

    public string Modality => "OT";

    public string Description => "A disc.";

    public IReadOnlyList<string> Labels => ["red", "blue"];

    public IReadOnlyList<PhantomParameter> Parameters => [];

    public PhantomClip Simulate(PhantomRequest request)
    {
        bool red = request.Seed % 2 == 0;
        return new PhantomClip
        {
            Truth = new PhantomTruth { Modality = Modality, Anatomy = "disc", Label = red ? "red" : "blue", Values = new Dictionary<string, string>() },
            BriefCaption = red ? "A red disc." : "A blue disc.",
            DetailedCaption = string.Create(CultureInfo.InvariantCulture, $"A {(red ? "red" : "blue")} disc moves to the right over a grey ground; its seed is {request.Seed}."),
            Frames = Enumerable.Range(0, request.NumFrames).Select(index => Draw(request, red, index)),
        };
    }

    private static VideoFrame Draw(PhantomRequest request, bool red, int index)
    {
        VideoFrame frame = VideoFrame.Rent(request.Width, request.Height, index);
        Span<byte> pixels = frame.WritablePixels.Span;
        pixels.Fill(100);
        double x = (request.Width * 0.3) + (index * 2) + (request.Seed % 5);
        for (int i = 0; i < request.Width * request.Height; i++)
        {
            double dx = (i % request.Width) - x;
            double dy = (i / request.Width) - (request.Height * 0.5);
            if ((dx * dx) + (dy * dy) < request.Width)
            {
                pixels[i * 3] = (byte)(red ? 240 : 20);
                pixels[(i * 3) + 2] = (byte)(red ? 20 : 240);
            }
        }

        return frame;
    }
}
