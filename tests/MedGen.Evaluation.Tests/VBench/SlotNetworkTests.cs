using System.Text.Json.Nodes;
using MedGen.Evaluation.VBench.Networks;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Tests.VBench;

[Collection("torch")]
public sealed class SlotNetworkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-slot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Networks_OfEachSlot_AnswerAsTheyWereMade()
    {
        using SlotNetwork subject = SlotNetwork.Open(TestClips.Network("subject"), NetworkSlot.Subject);
        using SlotNetwork background = SlotNetwork.Open(TestClips.Network("background"), NetworkSlot.Background);
        using SlotNetwork imaging = SlotNetwork.Open(TestClips.Network("imaging"), NetworkSlot.Imaging);
        using SlotNetwork motion = SlotNetwork.Open(TestClips.Network("motion"), NetworkSlot.Motion);
        using SlotNetwork flow = SlotNetwork.Open(Path.Combine(TestClips.Network("flow"), NetworkManifest.FileName), NetworkSlot.Flow);

        new SubjectNetwork(subject).Embed(TestClips.Grey(255, 40, 30)).ShouldBe([0.515f / 0.229f, 0.544f / 0.224f, 0.594f / 0.225f], 1e-3f);
        new BackgroundNetwork(background).Embed(TestClips.Grey(255, 40, 30)).Length.ShouldBe(3);
        new ImagingNetwork(imaging).Score(TestClips.Grey(51, 40, 30)).ShouldBe(20, 1e-4);
        new MotionNetwork(motion).Between(TestClips.Grey(10, 20, 18), TestClips.Grey(41, 20, 18)).Pixels.ShouldAllBe(value => value == 25);
        new FlowNetwork(flow).Lengths(TestClips.Colour(1, 2, 0, 20, 18), TestClips.Colour(4, 6, 9, 20, 18)).ShouldAllBe(length => length == 5);
    }

    [Theory]
    [InlineData("sha256", "0000000000000000000000000000000000000000000000000000000000000000", "states 0000")]
    [InlineData("sha256", "ABC", "64 lower-case")]
    [InlineData("slot", "motion", "'subject'")]
    [InlineData("file", "../tiny.onnx", "a name beside")]
    [InlineData("file", "other.onnx", "no file 'other.onnx'")]
    public void Open_WithAManifestThatDoesNotFit_NamesTheField(string field, string value, string message)
    {
        Copy("subject", manifest => manifest[field] = value);

        InvalidInputException refused = Should.Throw<InvalidInputException>(() => SlotNetwork.Open(_folder, NetworkSlot.Subject));

        refused.Violations.ShouldHaveSingleItem().Field.ShouldBe($"network subject.{field}");
        refused.Message.ShouldContain(message);
    }

    [Fact]
    public void Open_WithAKeyThatNobodyReads_RefusesIt()
    {
        Copy("subject", manifest => manifest["size"] = 224);

        Should.Throw<InvalidInputException>(() => SlotNetwork.Open(_folder, NetworkSlot.Subject)).Message.ShouldContain("unknown key");
    }

    [Fact]
    public void Open_OfANetworkWithOneInputForASlotOfTwo_SaysWhatTheSlotGives()
    {
        Copy("subject", manifest => manifest["slot"] = "motion");

        Should.Throw<ModelFormatException>(() => SlotNetwork.Open(_folder, NetworkSlot.Motion)).Message.ShouldContain("has 1 inputs");
    }

    [Fact]
    public void Answer_OfAnotherShapeThanTheSlotAsksFor_IsRefused()
    {
        Copy("background", manifest => manifest["slot"] = "imaging");
        using SlotNetwork network = SlotNetwork.Open(_folder, NetworkSlot.Imaging);

        Should.Throw<ModelFormatException>(() => new ImagingNetwork(network).Score(TestClips.Grey(0, 224, 224))).Message.ShouldContain("[1, 3]");
    }

    private void Copy(string slot, Action<JsonNode> change)
    {
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(TestClips.Network(slot), NetworkManifest.FileName)))!;
        change(manifest);
        File.WriteAllText(Path.Combine(_folder, NetworkManifest.FileName), manifest.ToJsonString());
        File.Copy(Path.Combine(TestClips.Network(slot), "tiny.onnx"), Path.Combine(_folder, "tiny.onnx"));
    }
}
