using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Writing;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Tests.Augmentation;

/// <summary>The learnt privacy check in a run: what it refuses is told apart from what thumbnails refuse, and what cannot be checked is said.</summary>
public sealed class LearntPrivacyTests : IDisposable
{
    private readonly AugmentationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_WithFeaturesAndPatientsEnough_RefusesThePatientsOfTheTrainingSplitUnderANameOfItsOwn()
    {
        await _fixture.WriteDataAsync(patients: 18);
        using Cells features = new("cells");
        AugmentationSpec spec = Spec("""{ "learnt": true, "quantile": 0.9 }""", "variation");

        AugmentationSummary summary = await _fixture.RunAsync("out", spec, features: features);

        ReidentificationReport report = summary.Reidentification!;
        report.NotMade.ShouldBeNull();
        report.HeldOutPatients.ShouldBeGreaterThanOrEqualTo(10);
        report.Found.Keys.ShouldBe(["gain", "zoom", "crop", "speed"]);

        // The scripted model gives back what it is given to vary: the training clip itself.
        summary.Rejected["reidentification"].ShouldBe(report.Rejected);
        report.Rejected.ShouldBe(summary.Records.Count);
        summary.Records.ShouldAllBe(record => record.Scores["patient_cosine"] > report.Limit!.Value);
        string card = await File.ReadAllTextAsync(Path.Combine(_fixture.Output("out"), "README.md"), AugmentationFixture.Token);
        card.ShouldContain($"Learnt check: {report.Rejected} of {summary.Records.Count} generated clips were rejected because they may show a training patient again");
        PrivacyFile.Read(_fixture.Output("out"))!.Limit.ShouldBe(report.Limit);

        using Cells other = new("other cells");
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", spec, OutputMode.Resume, features: other));
        error.Message.ShouldContain("other features for the learnt privacy check (cells, now other cells)");
    }

    [Fact]
    public async Task RunAsync_WithTooFewPatients_IsRefusedWhereTheCheckIsRequiredAndSaysSoWhereItIsNot()
    {
        await _fixture.WriteDataAsync();
        using Cells features = new("cells");

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("required", Spec("""{ "learnt": true }"""), features: features));
        AugmentationSummary open = await _fixture.RunAsync("open", Spec("{}"), features: features);
        AugmentationSummary off = await _fixture.RunAsync("off", Spec("""{ "enabled": false }"""), features: features);
        AugmentationSummary altered = await _fixture.RunAsync("altered", AugmentationFixture.Small("\"balance\": { \"add_per_class\": 1 }"), features: features);

        error.Violations.Single().Field.ShouldBe("filters.privacy.learnt");
        error.Message.ShouldContain("held-out patients (");
        open.Reidentification!.NotMade.ShouldNotBeNull().ShouldContain("needs 20 or more, 40 in all");
        (await File.ReadAllTextAsync(Path.Combine(_fixture.Output("open"), "README.md"), AugmentationFixture.Token)).ShouldContain("**No learnt check was made**: its limit would come from");
        (off.Reidentification, altered.Reidentification).ShouldBe((null, null));
        File.Exists(Path.Combine(_fixture.Output("altered"), "privacy.json")).ShouldBeFalse();
    }

    private static AugmentationSpec Spec(string privacy, string method = "prompted") => AugmentationFixture.Small($$"""
        "balance": { "add_per_class": 2 }, "max_attempts": 1,
        "methods": [{ "type": "{{method}}" }],
        "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false }, "privacy": {{privacy}} }
        """);

    // Mean grey of 8 × 8 cells of the first frame.
    private sealed class Cells(string name) : IClipFeatures
    {
        public string Name => name;

        public double[] Of(byte[] pixels, ClipShape shape)
        {
            double[] cells = new double[64];
            for (int i = 0; i < shape.Width * shape.Height; i++)
            {
                cells[(i / shape.Width * 8 / shape.Height * 8) + (i % shape.Width * 8 / shape.Width)] += pixels[3 * i] / 255.0;
            }

            return cells;
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
