using System.Diagnostics;
using System.Globalization;
using MedGen.Sdk.Frames;
using MedGen.Phantoms;

namespace MedGen.Bench;

/// <summary>Frames a second that each simulator draws on one thread at 128 x 128 px, drawing of parameters included.</summary>
internal static class PhantomsBenchmark
{
    private const int Clips = 4;
    private const int FramesPerClip = 33;

    public static int Run()
    {
        Console.WriteLine("kind                 frames/s   slowest clip");
        foreach (IPhantom phantom in PhantomCatalog.All)
        {
            Measure(phantom, seed: -1); // compiles
            double[] rates = [.. Enumerable.Range(0, Clips).Select(seed => Measure(phantom, seed)).Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{phantom.Kind,-20} {rates[Clips / 2],8:0} {rates[0],14:0}"));
        }

        return 0;
    }

    private static double Measure(IPhantom phantom, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        PhantomClip clip = phantom.Simulate(new PhantomRequest { Seed = seed, NumFrames = FramesPerClip });
        foreach (VideoFrame frame in clip.Frames)
        {
            frame.Dispose();
        }

        return FramesPerClip / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
