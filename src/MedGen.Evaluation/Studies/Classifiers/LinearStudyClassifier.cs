using MedGen.Datasets.Classifiers;

namespace MedGen.Evaluation.Studies.Classifiers;

/// <summary>Multinomial logistic regression on the study's features; the penalty is chosen for the baseline alone.</summary>
/// <param name="features">How the features are named.</param>
/// <param name="penalty">The penalty.</param>
/// <param name="steps">Optimiser steps.</param>
/// <param name="classes">The study's classes.</param>
internal sealed class LinearStudyClassifier(string features, double penalty, int steps, string[] classes) : IStudyClassifier
{
    private static readonly double[] Penalties = [1, 0.3, 0.1, 0.03, 0.01];

    public string Name => $"multinomial logistic regression with an L2 penalty on {features}";

    public double? Penalty => penalty;

    public int Parallelism => Environment.ProcessorCount;

    /// <summary>Chooses the penalty by the validation clips, or takes the middle of the range, unseen, where there are none.</summary>
    public static LinearStudyClassifier Choose(
        string features, StudyData data, int steps, string[] classes, CancellationToken cancellationToken)
    {
        StudyExample[] judged = [.. data.Validation.Where(example => classes.Contains(example.Class))];
        if (judged.Length == 0)
        {
            return new LinearStudyClassifier(features, Penalties[Penalties.Length / 2], steps, classes);
        }

        int[] truth = [.. judged.Select(example => Array.IndexOf(classes, example.Class))];
        return Penalties.Select(penalty => new LinearStudyClassifier(features, penalty, steps, classes)).MaxBy(candidate =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Math.Round(ClassificationScores.Of(truth, candidate.Answer(data.Train, judged), classes.Length).BalancedAccuracy, 9);
        })!;
    }

    public Task<double[][]> AnswerAsync(
        IReadOnlyList<StudyExample> train, IReadOnlyList<StudyExample> asked, int seed, CancellationToken cancellationToken) =>
        Task.Run(() => Answer(train, asked), cancellationToken);

    private double[][] Answer(IReadOnlyList<StudyExample> train, IReadOnlyList<StudyExample> asked)
    {
        SoftmaxRegression classifier = SoftmaxRegression.Fit(
            [.. train.Select(example => example.Features)], [.. train.Select(example => example.Class)], penalty, steps);
        return [.. asked.Select(example => Answer(classifier, example))];
    }

    // A class that an arm has no example of gets probability 0.
    private double[] Answer(SoftmaxRegression classifier, StudyExample example)
    {
        double[] known = classifier.Predict(example.Features);
        double[] answer = new double[classes.Length];
        foreach ((int index, string label) in classifier.Labels.Index())
        {
            answer[Array.IndexOf(classes, label)] = known[index];
        }

        return answer;
    }
}
