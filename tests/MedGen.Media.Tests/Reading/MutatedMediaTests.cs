using MedGen.Media.Reading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Tests;
using Microsoft.Extensions.Options;

namespace MedGen.Media.Tests.Reading;

/// <summary>As <c>./medgen bench fuzz</c>, with fewer clips.</summary>
public sealed class MutatedMediaTests
{
    private const int Seed = 20261129;
    private const int Clips = 60;

    [Fact]
    [Long]
    public async Task ReadFrames_OfDamagedClips_ReadsOrRefusesEach()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[][] clips = [.. Directory.GetFiles(RepositoryRoot.Path("samples", "clips"), "*.mp4").Select(File.ReadAllBytes)];
        FFmpegVideoReader reader = new(Options.Create(new MediaOptions()), TimeProvider.System);
        Random random = new(Seed);
        string folder = Directory.CreateTempSubdirectory("medgen-mutated-").FullName;
        (int read, int refused) = (0, 0);
        try
        {
            for (int i = 0; i < Clips; i++)
            {
                string file = Path.Combine(folder, $"{i}.mp4");
                byte[] clip = clips[i % clips.Length];
                await File.WriteAllBytesAsync(file, i % 2 == 0 ? MutatedBytes.Of(clip, random) : MutatedBytes.OneBitInside(clip, random), token);
                try
                {
                    await foreach (VideoFrame frame in (await reader.OpenAsync(file, token)).ReadFramesAsync(FrameSampling.All, token))
                    {
                        frame.Dispose();
                    }

                    read++;
                }
                catch (MedGenException)
                {
                    refused++;
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        refused.ShouldBeGreaterThan(0);
        (read > 0).ShouldBeTrue("no damaged clip came as far as the decoder's end"); // anything but a MedGenException has ended the test before
    }
}
