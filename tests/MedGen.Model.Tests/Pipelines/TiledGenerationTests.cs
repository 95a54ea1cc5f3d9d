using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using static TorchSharp.torch;

namespace MedGen.Model.Tests.Pipelines;

/// <summary>A clip whose whole frames would take more memory than they may is decoded in tiles.</summary>
public sealed class TiledGenerationTests : IDisposable
{
    // 24 x 16 latent pixels: tiles of 16, 8 apart, are two in one row.
    private static readonly VideoGenerationRequest Request = new()
    {
        Prompt = "A radiograph of the chest.", Width = 192, Height = 128, NumFrames = 9, NumInferenceSteps = 2, Seed = 3, GuidanceScale = 1,
    };

    private readonly MedGenPipeline _pipeline = MedGenPipeline.Open(ModelFolder.Open(RepositoryRoot.Path("models", "medgen-mini")), CPU, ScalarType.Float32);

    public void Dispose() => _pipeline.Dispose();

    [Fact]
    public void Step_WithLittleMemory_DecodesInTilesThatLookLikeTheWhole()
    {
        (byte[] whole, _) = Generate();
        _pipeline.MemoryLimit = _pipeline.WeightBytes;
        _pipeline.CostOf(Request).Tiling.ShouldBe(new TilingOptions { TileHeight = 16, TileWidth = 16, StrideHeight = 8, StrideWidth = 8 });

        (byte[] tiled, List<GenerationProgress> progress) = Generate();

        tiled.Length.ShouldBe(whole.Length);
        tiled.ShouldNotBe(whole);
        double error = whole.Zip(tiled, (a, b) => (double)(a - b) * (a - b)).Average();
        (10 * Math.Log10(255 * 255 / error)).ShouldBeGreaterThan(30);

        // Two tiles of three latent frames each, and the three pieces of the finished clip.
        int[] done = [.. progress.Where(step => step.Stage == GenerationStage.Decoding).Select(step => step.Completed)];
        done.Length.ShouldBe((2 * 3) + 3);
        done.ShouldBe(done.Order());
        done[^1].ShouldBe(9);
    }

    [Fact]
    public void Dispose_InTheMiddleOfTiles_GivesTheirTensorsBack()
    {
        _pipeline.MemoryLimit = _pipeline.WeightBytes;
        Generate();
        long before = TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        using (GenerationSession session = _pipeline.Start(Request))
        {
            while (session.Remaining.LatentFrames > 2)
            {
                session.Step();
            }

            session.Remaining.LatentFrames.ShouldBe(2, 0.2);
        }

        TorchSharp.DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    private (byte[] Pixels, List<GenerationProgress> Progress) Generate()
    {
        List<byte> pixels = [];
        List<GenerationProgress> progress = [];
        using GenerationSession session = _pipeline.Start(Request);
        while (!session.IsCompleted)
        {
            foreach (GenerationUpdate update in session.Step())
            {
                if (update is GenerationProgress step)
                {
                    progress.Add(step);
                }

                foreach (VideoFrame frame in (update as GeneratedFrames)?.Frames ?? [])
                {
                    pixels.AddRange(frame.Pixels.Span);
                    frame.Dispose();
                }
            }
        }

        return ([.. pixels], progress);
    }
}
