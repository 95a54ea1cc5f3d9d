using System.Globalization;
using MedGen.Datasets.Reading;
using MedGen.Evaluation.Studies;
using MedGen.Evaluation.Studies.Classifiers;
using MedGen.Media;
using MedGen.Phantoms;
using MedGen.Sdk.Errors;
using MedGen.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Evaluation.Tests.Studies;

/// <summary>Studies whose outcome is a number: EchoNet's layout, with simulated hearts whose ejection fraction is exactly known.</summary>
public sealed class NumberStudyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-numbers-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Figures_OfHandMadeAnswers_AreTheHandComputedOnes()
    {
        StudySpec spec = new() { Name = "s", Outcome = StudyOutcome.Number, EquivalenceMargin = 1, Arms = [new() { Name = "real" }, new() { Name = "more" }], Seeds = 3, Fractions = [1], Resamples = 200 };
        StudyStatistics statistics = new(spec, ["p", "p", "q", "r"], new NumberMeasure(["p", "p", "q", "r"], [10, 20, 30, 40]));
        double[][][] answers = [.. Enumerable.Repeat<double[][]>([[12], [18], [30], [44]], 3)];
        double[][][] worse = [.. Enumerable.Repeat<double[][]>([[15], [25], [30], [44]], 3)];

        ArmResult result = statistics.Of("real", 1, 5, answers);
        ArmResult against = statistics.Against(statistics.Of("more", 1, 5, worse), worse, result, answers);

        result.Primary.ShouldBe(2, 1e-9);
        result.Numbers!.MeanAbsoluteError.Value.ShouldBe(2, 1e-9);
        result.Numbers.RootMeanSquaredError.Value.ShouldBe(Math.Sqrt(24 / 4.0), 1e-9);
        result.Numbers.R2.Value.ShouldBe(1 - (24 / 500.0), 1e-9);
        result.Numbers.Bias.Value.ShouldBe(1, 1e-9);
        result.Numbers.CalibrationSlope.Value.ShouldBe(560 / 644.0, 0.05); // Σ (p − 26)(t − 25) over Σ (p − 26)²
        result.Numbers.Calibration.Select(group => (group.Answers, group.Predicted, group.True)).First().ShouldBe((2, 12, 10));
        result.Scores.ShouldBeNull();
        against.Difference.ShouldBe(1.5, 1e-9); // (3 + 3) / 4
        against.P.ShouldBe(1); // one patient differs: its sign is a coin's
    }

    [Theory]
    [InlineData(-2, -0.5, 0.01, "improves")]
    [InlineData(0.5, 2, 0.01, "worsens")]
    public void Verdict_OfAnError_IsBetterWhereItIsLess(double low, double high, double p, string expected) => StudyVerdict.Of(
        new ArmResult { Arm = "a", Fraction = 1, Examples = 1, EachSeed = [], Low = 0, High = 0, DifferenceLow = low, DifferenceHigh = high, AdjustedP = p },
        new StudySpec { Name = "s", Outcome = StudyOutcome.Number, EquivalenceMargin = 1, Arms = [] }, isBaselineConstant: false, fewestPatients: 30).ShouldBe(expected);

    [Fact]
    public async Task RunAsync_OnEjectionFractionsOfHearts_RegressesThemAndCallsWrongNumbersWorse()
    {
        StudySpec spec = await ReadAsync("""
            { "name": "ef", "outcome": "number", "labels": { "type": "numeric", "bins": [40] }, "equivalence_margin": 1, "simulated_number": "ejection-fraction",
              "clip": { "width": 32, "height": 32, "num_frames": 9, "frames_per_second": 8 }, "fractions": [1], "seeds": 3, "resamples": 200,
              "pools": { "wrong": {}, "simulated": {} },
              "arms": [{ "name": "real" }, { "name": "wrong numbers", "pools": { "wrong": 2 } }, { "name": "simulated", "pools": { "simulated": 1 } }] }
            """);
        (IReadOnlyList<DatasetItem> items, DatasetItem[] wrong, DatasetItem[] simulated, RawFilms films) = await HeartsAsync(spec);

        StudyReport report = await new StudyRun(films).RunAsync(
            spec, new StudyInputs { Items = items, Pools = new Dictionary<string, IReadOnlyList<DatasetItem>> { ["wrong"] = wrong, ["simulated"] = simulated } }, (_, _) => { }, Token);
        StudyPages.Write(_folder, report);

        NumberScores real = report.Results[0].Numbers!;
        TestContext.Current.TestOutputHelper?.WriteLine($"{real}; {string.Join(" | ", StudyPages.Verdicts(report))}");
        real.R2.Value.ShouldBeGreaterThan(0.6);
        (real.MeanAbsoluteError.Low <= real.MeanAbsoluteError.Value && real.MeanAbsoluteError.Value <= real.MeanAbsoluteError.High).ShouldBeTrue();
        report.Results[1].Verdict.ShouldBe("worsens");
        report.FewestTestPatients.ShouldBe(24);
        StudyPrediction first = report.Predictions[0];
        (first.Answer.Count, double.Parse(first.Truth, CultureInfo.InvariantCulture)).ShouldBe((1, double.Parse(items.First(item => item.Split == DatasetSplit.Test).Label!, CultureInfo.InvariantCulture)));
        string markdown = await File.ReadAllTextAsync(Path.Combine(_folder, "STUDY.md"), Token);
        markdown.ShouldContain("| share | arm | examples | MAE | each seed | RMSE | R² |");
        markdown.ShouldContain("calibration.svg");
        foreach (string word in new[] { "AUROC", "macro-F1", "alanced accuracy", "onfusion", "recall a", "reliability" })
        {
            markdown.ShouldNotContain(word);
        }

        (await File.ReadAllLinesAsync(Path.Combine(_folder, "predictions.csv"), Token))[0].ShouldBe("set,share,arm,seed,patient,truth,prediction");
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => new StudyRun(films).RunAsync(
            spec with { SimulatedNumber = "probe" }, new StudyInputs { Items = items, Pools = new Dictionary<string, IReadOnlyList<DatasetItem>> { ["wrong"] = wrong, ["simulated"] = simulated } }, (_, _) => { }, Token));
        error.Message.ShouldContain("got 'probe', and");
        error.Message.ShouldContain("ejection-fraction");
    }

    [Fact]
    public void NumberOf_AMixedClip_IsThatOfBothInTheirShares() => StudyNumbers.Of(
        new StudySpec { Name = "s", Arms = [] },
        new DatasetItem { FileName = "m", FullPath = "/m", Label = "30", Columns = new Dictionary<string, string> { ["label_weights"] = """{"30":0.75,"50":0.25}""" } }).ShouldBe(35, 1e-9);

    [Theory]
    [InlineData("\"outcome\": \"number\", \"equivalence_margin\": 1", "labels.type")]
    [InlineData("\"outcome\": \"number\", \"labels\": { \"type\": \"numeric\", \"bins\": [40] }", "equivalence_margin")]
    [InlineData("\"equivalence_margin\": 3", "equivalence_margin")]
    [InlineData("\"simulated_number\": \"ejection-fraction\"", "simulated_number")]
    public async Task Spec_ThatAsksForWhatHasNoMeaning_IsRefusedByName(string keys, string field)
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(
            () => ReadAsync($$"""{ "name": "s", {{keys}}, "arms": [{ "name": "real" }, { "name": "b", "oversample": false, "pools": { } }] }"""));

        error.Violations.Select(violation => violation.Field).ShouldContain(field);
    }

    [Fact]
    public async Task Spec_OfNumbersWithAnArmThatOversamplesClasses_IsRefusedByName()
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => ReadAsync("""
            { "name": "s", "outcome": "number", "labels": { "type": "numeric", "bins": [40] }, "equivalence_margin": 1, "arms": [{ "name": "real" }, { "name": "b", "oversample": true }] }
            """));

        error.Violations.Single().Field.ShouldBe("arms[1].oversample");
    }

    [Theory]
    [InlineData("printf 'file,prediction\\n/x.mp4,41.5\\n' > \"$6\"", null)]
    [InlineData("printf 'file,p_a,p_b\\n/x.mp4,1,0\\n' > \"$6\"", "column prediction: the column is missing")]
    [InlineData("printf 'file,prediction\\n/x.mp4,many\\n' > \"$6\"", "column prediction: got 'many'; allowed is a finite number")]
    public async Task Program_ThatAnswersNumbers_IsReadOrRefusedByName(string script, string? refused)
    {
        CommandStudyClassifier program = new(["/bin/sh", "-c", script, "sh"], Path.Combine(_folder, "runs"), classes: null);
        Task<double[][]> Answer() => program.AnswerAsync([new("40 and more", "p", [], [0], "/t.mp4") { Number = 55.25 }], [new("below 40", "q", [], [0], "/x.mp4")], 1, Token);

        if (refused is null)
        {
            (await Answer()).ShouldBe([[41.5]]);
            File.ReadAllText(Path.Combine(Directory.GetDirectories(Path.Combine(_folder, "runs")).Single(), "train.csv")).ShouldContain("/t.mp4,55.25,p");
            return;
        }

        (await Should.ThrowAsync<InvalidInputException>(Answer)).Message.ShouldContain(refused);
    }

    // EchoNet's layout. Of the pool "wrong" each clip has the number of another; of "simulated" the label is not what was simulated, as with the method phantom.
    private async Task<(IReadOnlyList<DatasetItem> Items, DatasetItem[] Wrong, DatasetItem[] Simulated, RawFilms Films)> HeartsAsync(StudySpec spec)
    {
        string data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(Path.Combine(data, "Videos"));
        ServiceProvider services = new ServiceCollection().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();
        RawFilms films = new(services.GetRequiredService<IVideoReader>(), services.GetRequiredService<IVideoWriter>());
        List<string> lines = ["FileName,EF,Split"];
        for (int i = 0; i < 64; i++)
        {
            double fraction = 15 + (i * 37 % 64);
            await WriteAsync(films, Path.Combine(data, "Videos", $"v{i}.avi"), i, fraction);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"v{i}.avi,{fraction},{(i < 32 ? "TRAIN" : i < 40 ? "VAL" : "TEST")}"));
        }

        await File.WriteAllLinesAsync(Path.Combine(data, "FileList.csv"), lines, Token);
        IReadOnlyList<DatasetItem> items = StudyRun.Split(spec, data);
        DatasetItem[] train = [.. items.Where(item => item.Split == DatasetSplit.Train)];
        DatasetItem[] wrong = [.. train.Concat(train).Select((item, i) => item with { FileName = $"w{i}.avi", Label = train[(i * 11 + 5) % train.Length].Label })];
        List<DatasetItem> simulated = [];
        for (int i = 0; i < 16; i++)
        {
            string file = Path.Combine(_folder, $"s{i}.avi");
            double fraction = 17 + (i * 3.5);
            await WriteAsync(films, file, 500 + i, fraction);
            string truth = string.Create(CultureInfo.InvariantCulture, $$"""{"ejection-fraction":"{{fraction}}","view":"apical four-chamber"}""");
            string parameters = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string> { ["truth"] = truth });
            simulated.Add(new DatasetItem { FileName = $"s{i}.avi", FullPath = file, Label = i < 8 ? "20" : "60", Columns = new Dictionary<string, string> { ["origin"] = "simulated", ["parameters"] = parameters } });
        }

        return (items, wrong, [.. simulated], films);
    }

    // Three hearts: what differs most between clips is the ejection fraction.
    private static Task<long> WriteAsync(RawFilms films, string path, int seed, double fraction)
    {
        PhantomRequest request = new()
        {
            Seed = seed % 3, Width = 32, Height = 32, NumFrames = 9, FramesPerSecond = 8,
            Parameters = new Dictionary<string, string>
            {
                ["ejection-fraction"] = fraction.ToString(CultureInfo.InvariantCulture), ["view"] = "apical four-chamber", ["heart-rate"] = "60", ["length"] = "85", ["half-width"] = "26",
                ["wall"] = "10", ["depth"] = "130", ["sector"] = "80", ["tilt"] = "0", ["gain"] = "4", ["dynamic-range"] = "55", ["overlay"] = "none",
            },
        };
        return films.WriteAsync(path, PhantomCatalog.Get("us-cardiac").Simulate(request).Frames.ToAsyncEnumerable(), new VideoEncoding { FramesPerSecond = 8, ProvenanceId = $"test:{seed}" }, Token);
    }

    private async Task<StudySpec> ReadAsync(string json)
    {
        string file = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, json, Token);
        return StudySpecReader.Read(file);
    }
}
