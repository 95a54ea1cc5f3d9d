using System.Security.Cryptography;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Running;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;

namespace MedGen.Datasets.Tests.Augmentation;

/// <summary>The method <c>animate</c>: clips that begin with the first frame of a training clip.</summary>
public sealed class AnimateTests : IDisposable
{
    private readonly AugmentationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task RunAsync_Animate_BeginsWithATrainingClipOfTheClassAndNamesIt()
    {
        await _fixture.WriteDataAsync();

        AugmentationSummary summary = await _fixture.RunAsync("out", Spec("\"privacy\": { \"enabled\": false }"));

        VideoGenerationRequest[] requests = [.. _fixture.Model.Requests];
        requests.Length.ShouldBe(summary.Records.Count);
        requests.ShouldAllBe(request => request.FirstFrame != null && request.SourceFrames == null && request.FirstFrame.Width == 32);
        Dictionary<string, DatasetItem> items = summary.Items.ToDictionary(item => item.FileName);
        summary.Kept.ShouldBe(4);
        foreach (ClipRecord record in summary.Records)
        {
            DatasetItem source = items[record.DerivedFrom.ShouldHaveSingleItem()];
            source.Split.ShouldBe(DatasetSplit.Train);
            (record.Method, record.Origin, record.Label, record.Patients.Single()).ShouldBe(
                ("animate", ClipOrigin.Generated, source.Label!, source.PatientId!));
            record.Prompt.ShouldBe($"A {source.Label} clip");
            record.Parameters.ShouldNotContainKey("strength");
        }

        IReadOnlyList<DatasetItem> written = DatasetFolder.Read(_fixture.Output("out"));
        written.Where(item => item.Columns["source"] == "synthetic").ShouldAllBe(item => items.ContainsKey(item.Columns["derived_from"]) && item.Label == items[item.Columns["derived_from"]].Label);
    }

    [Fact]
    public async Task RunAsync_Animate_BeginsWithAFrameOfItsSource()
    {
        await _fixture.WriteDataAsync();

        AugmentationSummary summary = await _fixture.RunAsync("out", Spec("\"privacy\": { \"enabled\": false }"));

        // The clip of 8 frames is cut to 5 for the run.
        foreach (ClipRecord record in summary.Records.Where(record => record.Kept))
        {
            string first = (await HashesAsync(_fixture.Output("out"), record.FileName!))[0];
            (await HashesAsync(_fixture.Data, record.DerivedFrom[0])).ShouldContain(first);
        }

        async Task<List<string>> HashesAsync(string folder, string file)
        {
            IVideoClip clip = await _fixture.Reader.OpenAsync(Path.Combine(folder, file), AugmentationFixture.Token);
            List<string> hashes = [];
            await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, AugmentationFixture.Token))
            {
                using (frame)
                {
                    hashes.Add(Convert.ToHexString(SHA256.HashData(frame.Pixels.Span)));
                }
            }

            return hashes;
        }
    }

    [Fact]
    public async Task RunAsync_AnimateThatStandsStill_IsRefusedForPrivacy()
    {
        await _fixture.WriteDataAsync();
        _fixture.Model.StandsStill = true;

        AugmentationSummary summary = await _fixture.RunAsync("out", Spec("\"privacy\": { \"quantile\": 0.01 }"));

        summary.Records.ShouldAllBe(record => !record.Kept && record.RejectReason!.StartsWith("privacy: "));
    }

    [Fact]
    public async Task RunAsync_AnimateOfAModelThatTakesNoPicture_IsRefusedBeforeAnythingIsWritten()
    {
        await _fixture.WriteDataAsync();
        _fixture.Model.Description = _fixture.Model.Description with { TakesFirstFrame = false };

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => _fixture.RunAsync("out", Spec("")));

        FieldViolation violation = error.Violations.ShouldHaveSingleItem();
        violation.Field.ShouldBe("methods[0].options.first_frame");
        violation.Description.ShouldContain("'scripted' makes clips from text and from clips alone. A model that takes a picture: Wan2.2-TI2V-5B.");
        Directory.Exists(_fixture.Output("out")).ShouldBeFalse();
        _fixture.Model.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task CheckMethods_OfAnimate_TakesTheOptionsOfPromptedAndNoStrength()
    {
        AugmentationSpec Of(string options) =>
            AugmentationFixture.Small($$"""  "methods": [{ "type": "animate", "options": { {{options}} } }] """);

        await AugmentationMethods.CheckAsync(Of(""" "prompts": ["{label}"], "steps": 20, "adapter": "mine" """), _fixture.Augmenter, null, AugmentationFixture.Token);
        (await Should.ThrowAsync<InvalidInputException>(
            () => AugmentationMethods.CheckAsync(Of(""" "strength_from": 0.5 """), _fixture.Augmenter, null, AugmentationFixture.Token)))
            .Violations.ShouldHaveSingleItem().Field.ShouldStartWith("methods[0].options.");
    }

    private static AugmentationSpec Spec(string filter) => AugmentationFixture.Small($$"""
        "balance": { "add_per_class": 2 }, "max_attempts": 1, "methods": [{ "type": "animate" }],
        "filters": { "quality": { "enabled": false }, "outliers": { "enabled": false }, "duplicates": { "enabled": false }{{(filter.Length == 0 ? "" : ", " + filter)}} }
        """);
}
