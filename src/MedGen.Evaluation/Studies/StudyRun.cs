using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Splits;
using MedGen.Evaluation.Studies.Classifiers;
using MedGen.Evaluation.Studies.Features;
using MedGen.Media;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Studies;

/// <summary>
/// Trains the same classifier on every arm at every share of the patients, and measures it on real test clips that nothing else has seen, and on
/// those of another source where there are some. The penalty is chosen for the baseline alone; every draw is a function of the seed.
/// </summary>
/// <param name="reader">Decodes.</param>
/// <param name="tools">What it runs with; null: its own classifier on thumbnails.</param>
public sealed class StudyRun(IVideoReader reader, StudyTools? tools = null)
{
    private const int SeedsApart = 1000;

    private readonly StudyTools _tools = tools ?? new StudyTools();

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

    /// <summary>
    /// Reads clips of another source. Its patients are nobody's of the study, whatever they are called; the same file in both is refused when the
    /// study runs.
    /// </summary>
    /// <param name="spec">The study.</param>
    /// <param name="folder">Folder of the data set; a split that it states does not matter.</param>
    /// <returns>All items.</returns>
    /// <exception cref="InvalidInputException">The data set is wrong.</exception>
    public static IReadOnlyList<DatasetItem> ReadExternal(StudySpec spec, string folder)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return
        [
            .. DatasetFolder.Read(folder, spec.GroupColumn)
                .Select(item => item with { PatientId = $"external {item.Group}", Split = DatasetSplit.Test }),
        ];
    }

    /// <summary>Runs the study.</summary>
    /// <param name="spec">The study.</param>
    /// <param name="inputs">Its clips.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops between trainings.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="InvalidInputException">There is no test or training clip of a class, a clip cannot be read, two patients have the same
    /// file, clips of another source have a class that training has not, or the user's program fails.</exception>
    public async Task<StudyReport> RunAsync(
        StudySpec spec, StudyInputs inputs, Action<string, double> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(progress);
        await SharedContent.ThrowIfSharedAsync([.. inputs.Items, .. inputs.External], cancellationToken).ConfigureAwait(false);
        using IClipFeatures features = FeaturesOf(spec);
        StudyData data = await StudyData.ReadAsync(spec, inputs, features, reader, progress, cancellationToken).ConfigureAwait(false);
        string[] classes = [.. data.Train.Select(example => example.Class).Distinct().Order(StringComparer.Ordinal)];
        Check(spec, data, classes);
        IStudyClassifier classifier = _tools.Command.Count > 0
            ? new CommandStudyClassifier(_tools.Command, _tools.CommandFolder, spec.Outcome == StudyOutcome.Number ? null : classes)
            : spec.Outcome == StudyOutcome.Number
            ? RidgeStudyRegressor.Choose(features.Name, data, cancellationToken)
            : LinearStudyClassifier.Choose(features.Name, data, spec.Steps, classes, cancellationToken);
        StudyFigures own = new(spec, data.Test, classes);
        StudyFigures external = new(spec, data.External, classes);
        List<LeftOutArm> leftOut = [];
        int done = 0;
        foreach (double fraction in spec.Fractions.Order())
        {
            foreach (StudyArm arm in spec.Arms)
            {
                IReadOnlyList<StudyExample>[] drawn =
                    [.. Enumerable.Range(0, spec.Seeds).Select(seed => ArmSample.Draw(data, arm, fraction, SeedOf(spec, seed)))];
                progress($"{arm.Name} at {fraction:P0}", (double)done++ / (spec.Arms.Count * spec.Fractions.Count));
                if (drawn.Any(examples => examples.Count == 0))
                {
                    leftOut.Add(new LeftOutArm(arm.Name, fraction));
                    continue;
                }

                double[][][] answers = await TrainAsync(spec, classifier, data, drawn, cancellationToken).ConfigureAwait(false);
                double examples = drawn.Average(training => training.Count);
                own.Add(arm.Name, fraction, examples, [.. answers.Select(training => training[..data.Test.Count])]);
                external.Add(arm.Name, fraction, examples, [.. answers.Select(training => training[data.Test.Count..])]);
            }
        }

        IReadOnlyList<ArmResult> results = own.Judge();
        double[][] real = [.. data.Train.Select(example => example.Features)];
        return new StudyReport
        {
            Name = spec.Name,
            Classifier =
                $"{classifier.Name}; {spec.Clip.Width} × {spec.Clip.Height} px, "
                    + $"{spec.Clip.NumFrames} frames at {spec.Clip.FramesPerSecond} a second",
            Penalty = classifier.Penalty,
            Steps = spec.Steps,
            Seeds = spec.Seeds,
            Outcome = spec.Outcome,
            Classes = classes,
            Counts = [.. Counts("training", data.Train), .. Counts("validation", data.Validation), .. Counts("test", data.Test)],
            IsBaselineConstant = results.Any(result => result.Arm == spec.Arms[0].Name && result.IsConstant),
            FewestTestPatients = own.FewestPatients,
            MinTestPatients = spec.MinTestPatients,
            EquivalenceMargin = spec.Margin,
            Features = features.Name,
            Pools =
            [
                .. inputs.PoolReports.Select(pool => pool with
                {
                    Fidelity = data.Pools.TryGetValue(pool.Name, out IReadOnlyList<StudyExample>? made)
                        ? PoolFidelity.Of(real, [.. made.Select(example => example.Features)])
                        : null,
                }),
            ],
            RealFidelity = PoolFidelity.Of(real, [.. data.Test.Select(example => example.Features)]),
            External = data.External.Count == 0 ? null : new ExternalResults
            {
                Counts = [.. Counts("external", data.External)], FewestPatients = external.FewestPatients, Results = external.Judge(),
            },
            Samples = await SampleSheet.DrawAsync(spec, inputs.Items, inputs.Pools, reader, cancellationToken).ConfigureAwait(false),
            Results = results,
            LeftOut = leftOut,
            Predictions = [.. own.Predictions("test"), .. external.Predictions("external")],
        };
    }

    private static int SeedOf(StudySpec spec, int training) => (spec.Seed * SeedsApart) + training;

    private static void Check(StudySpec spec, StudyData data, string[] classes)
    {
        if (spec.Outcome == StudyOutcome.Number)
        {
            if (data.Test.Count == 0 || data.Train.Select(example => example.Number).Distinct().Count() < 2)
            {
                throw new InvalidInputException(
                    "data", $"got {data.Test.Count} test clips; one or more are needed, and training clips of two numbers or more.");
            }

            return;
        }

        if (classes.Length < 2 || data.Test.Count == 0 || data.Test.Any(example => !classes.Contains(example.Class)))
        {
            throw new InvalidInputException(
                "data",
                $"training has the classes {string.Join(", ", classes)}; two or more are needed, and every test clip must be of one of them.");
        }

        if (data.External.FirstOrDefault(example => !classes.Contains(example.Class)) is { } other)
        {
            throw new InvalidInputException("external", $"got a clip of the class '{other.Class}'; training has {string.Join(", ", classes)}.");
        }
    }

    // [seed][test clip, then external clip][class, or the number alone]
    private static async Task<double[][][]> TrainAsync(
        StudySpec spec, IStudyClassifier classifier, StudyData data, IReadOnlyList<StudyExample>[] drawn, CancellationToken cancellationToken)
    {
        double[][][] answers = new double[drawn.Length][][];
        ParallelOptions atOnce = new() { MaxDegreeOfParallelism = classifier.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, drawn.Length, atOnce, async (training, token) => answers[training] = await classifier
            .AnswerAsync(drawn[training], [.. data.Test, .. data.External], SeedOf(spec, training), token).ConfigureAwait(false))
            .ConfigureAwait(false);
        return answers;
    }

    private static IEnumerable<string> Counts(string split, IReadOnlyList<StudyExample> examples) =>
        examples.GroupBy(example => example.Class).OrderBy(own => own.Key, StringComparer.Ordinal)
        .Select(own => $"{split} {own.Key}: {own.Count()} clips of {own.Select(example => example.Patient).Distinct().Count()} patients");

    private IClipFeatures FeaturesOf(StudySpec spec) => spec.Features == StudyFeatures.Thumbnails
        ? new ThumbnailFeatures()
        : new PretrainedFeatures(_tools.ModalityWeights
            ?? throw new InvalidInputException(
                "features", "got pretrained; allowed is thumbnails where no weights of the modality classifier are at hand."));
}
