using CsCheck;
using MedGen.Classifiers.Temporal;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Tests.Networks;

[Collection("torch")] // torch counts tensors for the whole process
public sealed class TemporalSessionTests
{
    private static readonly TemporalNetworkConfig Small = new() { FeatureLength = 5, Classes = 3, Maps = 16, Layers = 3, Stages = 2 };

    [Fact]
    public void Step_VideoLongerThanAllRings_EqualsTheWholeVideo()
    {
        // 8 layers: the longest ring holds 256 frames, a stage sees 511.
        TemporalNetworkConfig config = new() { FeatureLength = 12, Classes = 7 };
        using TemporalNetwork network = Network(config, 3);
        float[] features = Features(700, config, 4);

        float[][] streamed = Stream(network, features);

        float[] whole = Whole(network, features);
        for (int t = 0; t < 700; t++)
        {
            for (int c = 0; c < config.Classes; c++)
            {
                streamed[t][c].ShouldBe(whole[(t * config.Classes) + c], 1e-5f, $"second {t}, class {c}");
            }
        }
    }

    [Fact]
    public void Forward_FramesAppended_LeavesEarlierAnswersAsTheyAre() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[0, 1000]).Sample(
            (first, more, seed) =>
            {
                using TemporalNetwork network = Network(Small, seed);
                float[] features = Features(first + more, Small, seed + 1);

                float[] prefix = Whole(network, features[..(first * Small.FeatureLength)]);
                float[] whole = Whole(network, features);

                for (int i = 0; i < prefix.Length; i++)
                {
                    prefix[i].ShouldBe(whole[i], 1e-5f);
                }
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void Step_TwoSessions_DoNotTouchEachOther()
    {
        using TemporalNetwork network = Network(Small, 5);
        float[] features = Features(20, Small, 6);
        TemporalFilter filter = new(network);
        TemporalSession disturbed = filter.Start();
        TemporalSession other = filter.Start();
        float[][] alone = Stream(network, features);

        for (int t = 0; t < 20; t++)
        {
            ReadOnlySpan<float> frame = features.AsSpan(t * Small.FeatureLength, Small.FeatureLength);
            other.Step(new float[Small.FeatureLength]);
            disturbed.Step(frame).ShouldBe(alone[t]);
        }
    }

    [Fact]
    public void Step_WrongLength_SaysWhatIsExpected()
    {
        using TemporalNetwork network = Network(Small, 5);
        TemporalSession session = new TemporalFilter(network).Start();

        Should.Throw<ArgumentException>(() => session.Step(new float[4])).Message.ShouldContain("A frame has 5 features, got 4.");
    }

    private static TemporalNetwork Network(TemporalNetworkConfig config, int seed)
    {
        using var generator = new Generator((ulong)seed);
        TemporalNetwork network = TemporalNetwork.Create(config, generator);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (TorchSharp.Modules.Parameter weight in network.Weights.Values.Where(w => w.shape.Length == 1))
        {
            weight.add_(rand(weight.shape, generator: generator) * 0.3); // biases, means and scales that matter
        }

        return network;
    }

    private static float[] Features(int frames, TemporalNetworkConfig config, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, frames * config.FeatureLength).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static float[][] Stream(TemporalNetwork network, float[] features)
    {
        TemporalSession session = new TemporalFilter(network).Start();
        int length = network.Config.FeatureLength;
        return [.. Enumerable.Range(0, features.Length / length).Select(t => session.Step(features.AsSpan(t * length, length)))];
    }

    private static float[] Whole(TemporalNetwork network, float[] features)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor logits = network.Forward(tensor(features, [features.Length / network.Config.FeatureLength, network.Config.FeatureLength]));
        return logits[network.Config.Stages - 1].contiguous().data<float>().ToArray();
    }
}
