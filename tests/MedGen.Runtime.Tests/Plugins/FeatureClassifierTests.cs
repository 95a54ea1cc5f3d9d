using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FeatureClassifier;
using MedGen.Phantoms;
using MedGen.Runtime.Execution;
using MedGen.Runtime.Models;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using MedGen.Sdk.Testing;
using MedGen.Sdk.Testing.Clips;
using MedGen.Sdk.Torch.Execution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Runtime.Tests.Plugins;

/// <summary>
/// The sample with a torch head over the model's features, with the head that it brings and the model that this was fitted to. With
/// MEDGEN_FIT_HEAD the head is fitted anew and written there.
/// </summary>
[Long]
public sealed class FeatureClassifierTests : IAsyncDisposable
{
    private const int Side = 64;
    private const int Frames = 5;

    private static readonly string Sample = RepositoryRoot.Path("samples", "plugins", "FeatureClassifier");

    private static readonly (string Label, string[] Kinds)[] Kinds =
    [
        ("ultrasound", ["us-cardiac", "us-lung"]), ("endoscopy", ["es-colonoscopy", "es-bronchoscopy"]), ("radiograph", ["dx-chest"]),
    ];

    private readonly DeviceExecutor _executor;
    private readonly ResidentModel _model;

    public FeatureClassifierTests()
    {
        IOptions<MedGenRuntimeOptions> options = Options.Create(
            new MedGenRuntimeOptions { ModelPath = RepositoryRoot.Path("models", "medgen-mini"), DataType = "float32" });
        _executor = new DeviceExecutor(options, TimeProvider.System, NullLogger<DeviceExecutor>.Instance);
        _model = new ResidentModel(_executor, options, TimeProvider.System, NullLogger<ResidentModel>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync();
        _executor.Dispose();
    }

    [Fact]
    public async Task Analyze_OfSimulatedClipsThatItWasNotFittedTo_NamesTheirKinds()
    {
        if (Environment.GetEnvironmentVariable("MEDGEN_FIT_HEAD") is { Length: > 0 } target)
        {
            await FitAsync(target);
        }

        byte[] head = await File.ReadAllBytesAsync(Path.Combine(Sample, "weights", "head.bin"), Token);
        await using PluginUnderTest plugin = PluginUnderTest.Start(
            new FeatureClassifierPlugin(), Sample, services => services.AddSingleton<IMedGenModel>(_model).AddSingleton<IDeviceExecutor>(_executor),
            context => context with
            {
                Manifest = context.Manifest with
                {
                    Weights =
                    [
                        new PluginWeights
                        {
                            Path = "weights/head.bin", Sha256 = Convert.ToHexStringLower(SHA256.HashData(head)), Bytes = head.Length, License = "Apache-2.0",
                        },
                    ],
                },
            });

        (int right, int all) = (0, 0);
        foreach ((string label, string kind, int seed) in Clips(firstSeed: 9000, perKind: 4))
        {
            AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = ClipOf(kind, seed) }] };
            List<AnalysisUpdate> said = await plugin.Analyzer("clip-kind").AnalyzeAsync(request, Token).ToListAsync(Token);
            LabelFinding found = said.OfType<FinalFindings>().Single().Findings.ShouldHaveSingleItem().ShouldBeOfType<LabelFinding>();
            (right, all) = (right + (found.Labels[0] == label ? 1 : 0), all + 1);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{right} of {all} clips are named rightly."));
        right.ShouldBeGreaterThanOrEqualTo(all - 1);
    }

    private static IEnumerable<(string Label, string Kind, int Seed)> Clips(int firstSeed, int perKind) =>
        from one in Kinds from kind in one.Kinds from i in Enumerable.Range(0, perKind) select (one.Label, kind, firstSeed + i);

    private static TestClip ClipOf(string kind, int seed)
    {
        PhantomRequest request = new() { Seed = seed, Width = Side, Height = Side, NumFrames = Frames };
        byte[][] frames = [.. PhantomCatalog.Get(kind).Simulate(request).Frames.Select(frame => frame.Pixels.ToArray())];
        return new TestClip { Width = Side, Height = Side, NumFrames = frames.Length, Paint = (index, pixels) => frames[index].CopyTo(pixels) };
    }

    // Softmax regression by gradient descent on standardised features, with an L2 penalty; then the standardisation is folded into the rows.
    private async Task FitAsync(string target)
    {
        List<(float[] X, int Y)> data = [];
        string hash = "";
        foreach ((string label, string kind, int seed) in Clips(firstSeed: 100, perKind: 24))
        {
            List<VideoFrame> frames = await ClipOf(kind, seed).ReadFramesAsync(FrameSampling.All, Token).ToListAsync(Token);
            ModelFeatures latents = await _model.ExtractFeaturesAsync(frames, "autoencoder", 0, Token);
            frames.ForEach(frame => frame.Dispose());
            data.Add((FeatureHead.Pool(latents), Array.FindIndex(Kinds, one => one.Label == label)));
            hash = _model.Description.Hash;
        }

        int inputs = data[0].X.Length;
        double[] mean = [.. Enumerable.Range(0, inputs).Select(i => data.Average(one => (double)one.X[i]))];
        double[] deviation = [.. Enumerable.Range(0, inputs).Select(i => Math.Sqrt(data.Average(one => Math.Pow(one.X[i] - mean[i], 2))) + 1e-6)];
        double[,] rows = new double[Kinds.Length, inputs + 1];
        for (int step = 0; step < 2000; step++)
        {
            double[,] slopes = new double[Kinds.Length, inputs + 1];
            foreach ((float[] x, int y) in data)
            {
                double[] z = [.. x.Select((value, i) => (value - mean[i]) / deviation[i]), 1];
                double[] scores = [.. Enumerable.Range(0, Kinds.Length).Select(k => z.Select((value, i) => value * rows[k, i]).Sum())];
                double[] odds = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
                for (int k = 0; k < Kinds.Length; k++)
                {
                    double error = (odds[k] / odds.Sum()) - (k == y ? 1 : 0);
                    for (int i = 0; i <= inputs; i++)
                    {
                        slopes[k, i] += error * z[i] / data.Count;
                    }
                }
            }

            for (int k = 0; k < Kinds.Length; k++)
            {
                for (int i = 0; i <= inputs; i++)
                {
                    rows[k, i] -= 0.3 * (slopes[k, i] + (i < inputs ? 0.01 * rows[k, i] : 0));
                }
            }
        }

        float[] folded = new float[Kinds.Length * (inputs + 1)];
        for (int k = 0; k < Kinds.Length; k++)
        {
            double bias = rows[k, inputs];
            for (int i = 0; i < inputs; i++)
            {
                folded[(k * (inputs + 1)) + i] = (float)(rows[k, i] / deviation[i]);
                bias -= rows[k, i] * mean[i] / deviation[i];
            }

            folded[(k * (inputs + 1)) + inputs] = (float)bias;
        }

        await File.WriteAllBytesAsync(target, [.. Encoding.ASCII.GetBytes(hash), .. MemoryMarshal.AsBytes<float>(folded)], Token);
    }
}
