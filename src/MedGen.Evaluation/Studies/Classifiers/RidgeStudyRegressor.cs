using static TorchSharp.torch;

namespace MedGen.Evaluation.Studies.Classifiers;

/// <summary>Ridge regression on the study's features, in float64; the penalty is chosen for the baseline alone.</summary>
/// <param name="features">How the features are named.</param>
/// <param name="penalty">The penalty, in shares of the number of training examples; features are scaled to deviation 1.</param>
internal sealed class RidgeStudyRegressor(string features, double penalty) : IStudyClassifier
{
    private static readonly double[] Penalties = [100, 10, 1, 0.1, 0.01];

    public string Name => $"linear regression with an L2 penalty (ridge) on {features}";

    public double? Penalty => penalty;

    public int Parallelism => Environment.ProcessorCount;

    /// <summary>
    /// Chooses the penalty by the validation clips' mean absolute error, or takes the middle of the range, unseen, where there are none.
    /// </summary>
    public static RidgeStudyRegressor Choose(string features, StudyData data, CancellationToken cancellationToken) => data.Validation.Count == 0
        ? new RidgeStudyRegressor(features, Penalties[Penalties.Length / 2])
        : Penalties.Select(penalty => new RidgeStudyRegressor(features, penalty)).MinBy(candidate =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Math.Round(
                candidate.Answer(data.Train, data.Validation).Zip(data.Validation, (answer, one) => Math.Abs(answer[0] - one.Number)).Average(), 9);
        })!;

    public Task<double[][]> AnswerAsync(
        IReadOnlyList<StudyExample> train, IReadOnlyList<StudyExample> asked, int seed, CancellationToken cancellationToken) =>
        Task.Run(() => Answer(train, asked), cancellationToken);

    // By the smaller of both systems: features × features, or examples × examples.
    private double[][] Answer(IReadOnlyList<StudyExample> train, IReadOnlyList<StudyExample> asked)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor seen = Matrix(train); // [n, d]
        (Tensor mean, Tensor scale) = (seen.mean([0L]), seen.std(0, unbiased: false).clamp_min(1e-6));
        seen = (seen - mean) / scale;
        Tensor numbers = tensor([.. train.Select(example => example.Number)]); // [n]
        Tensor middle = numbers.mean();
        Tensor centred = (numbers - middle).unsqueeze(1); // [n, 1]
        double ridge = penalty * train.Count;
        Tensor weights = seen.shape[1] <= seen.shape[0]
            ? linalg.solve(seen.T.matmul(seen) + (ridge * eye(seen.shape[1], dtype: float64)), seen.T.matmul(centred))
            : seen.T.matmul(linalg.solve(seen.matmul(seen.T) + (ridge * eye(seen.shape[0], dtype: float64)), centred)); // [d, 1]
        Tensor answers = ((Matrix(asked) - mean) / scale).matmul(weights).squeeze(1) + middle;
        return [.. answers.data<double>().ToArray().Select(answer => new[] { answer })];
    }

    private static Tensor Matrix(IReadOnlyList<StudyExample> examples) =>
        tensor([.. examples.SelectMany(example => example.Features)], [examples.Count, examples[0].Features.Length]);
}
