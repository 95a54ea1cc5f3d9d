using System.Text;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Errors;

namespace MedGen.Onnx.Tests;

public sealed class OnnxSpecTests
{
    private const string Good = """
        { "model": "weights/a.onnx", "summary": "A.", "input": { "width": 8, "height": 8, "fit": "crop" },
          "outputs": [{ "name": "a", "description": "A.", "meaning": "classification", "activation": "sigmoid", "labels": ["x", "y"] }] }
        """;

    [Theory]
    [InlineData("\"fit\": \"crop\"", "\"fit\": \"zoom\"", "input.fit")]
    [InlineData(", \"fit\": \"crop\"", "", "fit")]
    [InlineData("\"summary\"", "\"sumary\"", "sumary")]
    [InlineData("\"width\": 8", "\"width\": 0", "input.width: got 0; allowed: 1 to 8192.")]
    [InlineData("\"width\": 8", "\"width\": 8, \"width\": 9", "width")]
    [InlineData("\"height\": 8", "\"height\": 8, \"mean\": [1, 2]", "input.mean: has 2; allowed: one for each of 3.")]
    [InlineData("\"height\": 8", "\"height\": 8, \"deviation\": [1, 0, 1]", "input.deviation: holds 0; allowed: any number but 0.")]
    [InlineData("weights/a.onnx", "../a.onnx", "model: got a path that leads out of the folder")]
    [InlineData("\"summary\": \"A.\"", "\"summary\": \"A.\", \"framesPerSecond\": 0", "framesPerSecond: got 0; allowed: above 0, at most 240, or null.")]
    [InlineData(", \"activation\": \"sigmoid\"", "", "outputs[0].activation: got nothing; allowed: none, softmax or sigmoid.")]
    [InlineData("\"sigmoid\"", "\"sigmoid\", \"exclusive\": true", "outputs[0].exclusive: got true with a sigmoid")]
    [InlineData("\"sigmoid\"", "\"sigmoid\", \"unit\": \"%\"", "outputs[0].unit: is given; allowed: nothing for this meaning.")]
    [InlineData("\"sigmoid\"", "\"sigmoid\", \"factor\": 2", "outputs[0].factor: or offset, minimum or maximum is given")]
    [InlineData("\"sigmoid\"", "\"sigmoid\", \"threshold\": 1.5", "outputs[0].threshold: got 1.5; allowed: 0 to 1.")]
    [InlineData("[\"x\", \"y\"]", "[null, \"y\"]", "outputs[0].labels: holds null")]
    [InlineData("[\"x\", \"y\"]", "[]", "outputs[0].labels: has 0; allowed: at least one.")]
    [InlineData("\"classification\"", "\"detection\"", "outputs[0].scoresTensor: got nothing; allowed: a name.")]
    [InlineData("\"outputs\": [", "\"outputs\": [null, ", "outputs[0]: got null")]
    public void Parse_OfWhatBreaksARule_NamesTheField(string old, string changed, string message)
    {
        OnnxSpecReader.Parse(Encoding.UTF8.GetBytes(Good)).Outputs.ShouldHaveSingleItem().Labels.Count.ShouldBe(2);

        InvalidInputException refusal = Should.Throw<InvalidInputException>(
            () => OnnxSpecReader.Parse(Encoding.UTF8.GetBytes(Good.Replace(old, changed, StringComparison.Ordinal))));

        refusal.Message.ShouldStartWith("onnx.json");
        refusal.Message.ShouldContain(message);
    }

    [Fact]
    public void Parse_OfBytesThatAreNoText_IsRefused() =>
        Should.Throw<InvalidInputException>(() => OnnxSpecReader.Parse([(byte)'{', (byte)'"', 0xff, (byte)'"'])).Message.ShouldStartWith("onnx.json");
}
