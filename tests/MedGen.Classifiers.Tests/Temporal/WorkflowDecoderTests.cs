using CsCheck;
using MedGen.Classifiers.Temporal;

namespace MedGen.Classifiers.Tests.Networks;

public sealed class WorkflowDecoderTests
{
    private static readonly WorkflowGraph Forward = new(3, [(0, 1), (1, 2)]);

    [Fact]
    public void Decode_ShortFlicker_IsSmoothedAway() =>
        WorkflowDecoder.Decode([[0.9, 0.1, 0], [0.9, 0.1, 0], [0.4, 0.6, 0], [0.9, 0.1, 0]], Forward, 2).ShouldBe([0, 0, 0, 0]);

    [Fact]
    public void Decode_LastingChange_IsFound() =>
        WorkflowDecoder.Decode([[0.9, 0.1, 0], [0.1, 0.9, 0], [0.1, 0.9, 0], [0.1, 0.9, 0]], Forward, 2).ShouldBe([0, 1, 1, 1]);

    [Fact]
    public void Decode_UnknownChange_NeedsMoreEvidence()
    {
        double[][] back = [[0.1, 0.9, 0], [0.1, 0.9, 0], [0.9, 0.1, 0], [0.9, 0.1, 0], [0.9, 0.1, 0]];

        WorkflowDecoder.Decode(back, Forward, 2).ShouldAllBe(label => label == 0); // 1 to 0 is unknown
        WorkflowDecoder.Decode(back, new WorkflowGraph(3, [(1, 0)]), 2).ShouldBe([1, 1, 0, 0, 0]);
    }

    [Fact]
    public void Decode_AnyShortVideo_IsAsGoodAsTheBestOfAllCourses()
    {
        Gen<double[]> frame = Gen.Double[0.01, 1].Array[3].Select(v => v.Select(x => x / v.Sum()).ToArray());
        Gen.Select(frame.Array[1, 6], Gen.Double[0, 5]).Sample((probabilities, cost) =>
        {
            int[] course = WorkflowDecoder.Decode(probabilities, Forward, cost);

            double best = Enumerable.Range(0, (int)Math.Pow(3, probabilities.Length))
                .Max(code => Score([.. Enumerable.Range(0, probabilities.Length).Select(t => code / (int)Math.Pow(3, t) % 3)], probabilities, cost));
            Score(course, probabilities, cost).ShouldBe(best, 1e-9);
        });
    }

    private static double Score(int[] course, double[][] probabilities, double cost)
    {
        double score = 0;
        for (int t = 0; t < course.Length; t++)
        {
            score += Math.Log(probabilities[t][course[t]]);
            if (t > 0 && course[t] != course[t - 1])
            {
                score -= course[t] == course[t - 1] + 1 ? cost : cost * WorkflowDecoder.IllegalFactor;
            }
        }

        return score;
    }
}
