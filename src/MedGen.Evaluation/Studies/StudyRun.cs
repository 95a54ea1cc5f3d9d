using MedGen.Sdk.Errors;
using MedGen.Datasets.Classifiers;
using MedGen.Datasets.Splits;
using MedGen.Datasets.Reading;
using MedGen.Media;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Trains the same small classifier on every arm at every share of the patients, with as many steps, and measures it on real test clips that nothing
/// else has seen. The penalty is chosen for the baseline alone; every draw is a function of the seed.
/// </summary>
/// <param name="reader">Decodes.</param>
public sealed class StudyRun(IVideoReader reader)
{
    private static readonly double[] Penalties = [1, 0.3, 0.1, 0.03, 0.01];

    /// <summary>Splits a data set as the study and its augmentations do.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="folder">Folder of the data set.</param>
    /// <returns>All items, each with a split.</returns>
    /// <exception cref="InvalidInputException">The data set is wrong; see <see cref="DatasetSplitter.Split"/>.</exception>
    public static IReadOnlyList<DatasetItem> Split(StudySpec spec, string folder)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return DatasetSplitter.Split(
            DatasetFolder.Read(folder, spec.GroupColumn), spec.Labels, new SplitOptions { Seed = spec.Seed, NoGroups = spec.NoGroups });
    }

    /// <summary>Runs the study.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="items">Real clips with their splits; see <see cref="Split"/>.</param>
    /// <param name="pools">Made clips by pool.</param>
    /// <param name="poolReports">What the pools came to.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops between trainings.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="InvalidInputException">There is no test or training clip of a class, a clip cannot be read, or two patients have the same
    /// file.</exception>
    public async Task<StudyReport> RunAsync(
        StudySpec spec, IReadOnlyList<DatasetItem> items, IReadOnlyDictionary<string, IReadOnlyList<DatasetItem>> pools,
        IReadOnlyList<PoolReport> poolReports, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(progress);
        await SharedContent.ThrowIfSharedAsync(items, cancellationToken).ConfigureAwait(false);
        StudyData data = await StudyData.ReadAsync(spec, items, pools, reader, progress, cancellationToken).ConfigureAwait(false);
        string[] classes = [.. data.Train.Select(example => example.Class).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Length < 2 || data.Test.Count == 0 || data.Test.Any(example => !classes.Contains(example.Class)))
        {
            throw new InvalidInputException(
                "data",
                $"training has the classes {string.Join(", ", classes)}; two or more are needed, and every test clip must be of one of them.");
        }

        double penalty = ChoosePenalty(spec, data, classes, cancellationToken);
        int[] truth = [.. data.Test.Select(example => Array.IndexOf(classes, example.Class))];
        StudyStatistics statistics = new(spec, [.. data.Test.Select(example => example.Patient)], truth, classes.Length);
        List<ArmResult> results = [];
        List<LeftOutArm> leftOut = [];
        List<StudyPrediction> predictions = [];
        int done = 0;
        foreach (double fraction in spec.Fractions.Order())
        {
            (ArmResult Result, double[][][] Answers)? baseline = null;
            foreach (StudyArm arm in spec.Arms)
            {
                IReadOnlyList<StudyExample>[] drawn =
                    [.. Enumerable.Range(0, spec.Seeds).Select(seed => ArmSample.Draw(data, arm, fraction, (spec.Seed * 1000) + seed))];
                progress($"{arm.Name} at {fraction:P0}", (double)done++ / (spec.Arms.Count * spec.Fractions.Count));
                if (drawn.Any(examples => examples.Count == 0))
                {
                    leftOut.Add(new LeftOutArm(arm.Name, fraction));
                    continue;
                }

                double[][][] answers = Train(spec, data, drawn, penalty, classes, cancellationToken);
                ArmResult result = statistics.Of(arm.Name, fraction, drawn.Average(examples => examples.Count), answers);
                if (baseline is { } first)
                {
                    result = statistics.Against(result, answers, first.Result, first.Answers);
                }
                else
                {
                    baseline = (result, answers);
                }

                results.Add(result);
                predictions.AddRange(answers.Index().SelectMany(seed => data.Test.Zip(
                    seed.Item, (example, answer) => new StudyPrediction(arm.Name, fraction, seed.Index, example.Patient, example.Class, answer))));
            }
        }

        int fewest = classes.Min(name => data.Test.Where(example => example.Class == name).Select(example => example.Patient).Distinct().Count());
        return new StudyReport
        {
            Name = spec.Name,
            Classifier =
                $"multinomial logistic regression with an L2 penalty on {StudyData.FeatureName}; {spec.Clip.Width} × {spec.Clip.Height} px, "
                    + $"{spec.Clip.NumFrames} frames at {spec.Clip.FramesPerSecond} a second",
            Penalty = penalty,
            Steps = spec.Steps,
            Seeds = spec.Seeds,
            Classes = classes,
            Counts = [.. Counts("training", data.Train), .. Counts("validation", data.Validation), .. Counts("test", data.Test)],
            IsBaselineConstant = results.Any(result => result.Arm == spec.Arms[0].Name && result.IsConstant),
            FewestTestPatients = fewest,
            MinTestPatients = spec.MinTestPatients,
            EquivalenceMargin = spec.EquivalenceMargin,
            Pools = poolReports,
            Samples = await SampleSheet.DrawAsync(spec, items, pools, reader, cancellationToken).ConfigureAwait(false),
            Results = statistics.Judge(results, fewest),
            LeftOut = leftOut,
            Predictions = predictions,
        };
    }

    private static double ChoosePenalty(StudySpec spec, StudyData data, string[] classes, CancellationToken cancellationToken)
    {
        // Without validation clips the middle of the range is taken, unseen.
        StudyExample[] judged = [.. data.Validation.Where(example => classes.Contains(example.Class))];
        if (judged.Length == 0)
        {
            return Penalties[Penalties.Length / 2];
        }

        int[] truth = [.. judged.Select(example => Array.IndexOf(classes, example.Class))];
        return Penalties.MaxBy(penalty =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            SoftmaxRegression classifier = Fit(data.Train, penalty, spec.Steps);
            return Math.Round(
                ClassificationScores.Of(
                    truth, [.. judged.Select(example => Answer(classifier, example, classes))], classes.Length).BalancedAccuracy, 9);
        });
    }

    // [seed][test clip][class]
    private static double[][][] Train(
        StudySpec spec, StudyData data, IReadOnlyList<StudyExample>[] drawn, double penalty, string[] classes, CancellationToken cancellationToken)
    {
        double[][][] answers = new double[drawn.Length][][];
        Parallel.For(0, drawn.Length, new ParallelOptions { CancellationToken = cancellationToken }, seed =>
        {
            SoftmaxRegression classifier = Fit(drawn[seed], penalty, spec.Steps);
            answers[seed] = [.. data.Test.Select(example => Answer(classifier, example, classes))];
        });
        return answers;
    }

    private static SoftmaxRegression Fit(IReadOnlyList<StudyExample> examples, double penalty, int steps) =>
        SoftmaxRegression.Fit([.. examples.Select(example => example.Features)], [.. examples.Select(example => example.Class)], penalty, steps);

    // A class that an arm has no example of gets probability 0.
    private static double[] Answer(SoftmaxRegression classifier, StudyExample example, string[] classes)
    {
        double[] known = classifier.Predict(example.Features);
        double[] answer = new double[classes.Length];
        foreach ((int index, string label) in classifier.Labels.Index())
        {
            answer[Array.IndexOf(classes, label)] = known[index];
        }

        return answer;
    }

    private static IEnumerable<string> Counts(string split, IReadOnlyList<StudyExample> examples) =>
        examples.GroupBy(example => example.Class).OrderBy(own => own.Key, StringComparer.Ordinal)
        .Select(own => $"{split} {own.Key}: {own.Count()} clips of {own.Select(example => example.Patient).Distinct().Count()} patients");
}
