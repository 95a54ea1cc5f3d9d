using System.Runtime.InteropServices;
using System.Text;
using MedGen.Classifiers.Networks;
using MedGen.Classifiers.Training.ImagingModality;
using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.Tests.ImagingModality;

[Collection("torch")] // torch counts tensors for the whole process
public sealed class ResNet18OnnxTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.onnx");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_ConvolutionsWithNormalisation_FoldsOneIntoTheOther()
    {
        using MemoryStream graph = new();
        foreach ((string name, int input, int output, int size) in ResidualBackbone.Layers())
        {
            Initializer(graph, $"{name}.w", Enumerable.Repeat(0.5f, output * input * size * size), output, input, size, size);
            foreach ((string part, float value) in new[] { ("scale", 6f), ("shift", 1f), ("mean", 2f), ("variance", 8f) })
            {
                Initializer(graph, $"{name}.{part}", Enumerable.Repeat(value, output), output);
            }

            Node(graph, "Conv", ["x", $"{name}.w"], $"{name}.out", epsilon: null);
            Node(graph, "BatchNormalization", [$"{name}.out", $"{name}.scale", $"{name}.shift", $"{name}.mean", $"{name}.variance"], "y", epsilon: 1);
        }

        Save(graph);
        using ResidualBackbone backbone = ResNet18Onnx.Read(_file, CPU);

        // scale / sqrt(variance + epsilon) = 2
        backbone.Weights["stage3.block1.shortcut.weight"].data<float>().ToArray().ShouldAllBe(v => v == 1);
        backbone.Weights["stem.bias"].data<float>().ToArray().ShouldAllBe(v => v == -3);
    }

    [Fact]
    public void Read_OtherGraph_NamesWhatIsMissing()
    {
        using MemoryStream graph = new();
        Initializer(graph, "w", new float[64 * 3 * 7 * 7], 64, 3, 7, 7);
        Node(graph, "Conv", ["x", "w"], "out", epsilon: null);
        Save(graph);

        Should.Throw<ModelFormatException>(() => ResNet18Onnx.Read(_file, CPU)).Message.ShouldContain("'out' has no batch normalisation");
    }

    [Fact]
    public void Read_NoModel_IsRefused()
    {
        File.WriteAllText(_file, "no model");

        Should.Throw<ModelFormatException>(() => ResNet18Onnx.Read(_file, CPU)).Message.ShouldContain("no ONNX model");
    }

    private void Save(MemoryStream graph)
    {
        using MemoryStream model = new();
        Field(model, 7, graph.ToArray());
        File.WriteAllBytes(_file, model.ToArray());
    }

    private static void Initializer(Stream graph, string name, IEnumerable<float> values, params int[] shape)
    {
        using MemoryStream message = new();
        foreach (int size in shape)
        {
            Varint(message, 1 << 3);
            Varint(message, (ulong)size);
        }

        Field(message, 4, MemoryMarshal.AsBytes<float>(values.ToArray()));
        Field(message, 8, Encoding.UTF8.GetBytes(name));
        Field(graph, 5, message.ToArray());
    }

    private static void Node(Stream graph, string type, string[] inputs, string output, float? epsilon)
    {
        using MemoryStream message = new();
        foreach (string input in inputs)
        {
            Field(message, 1, Encoding.UTF8.GetBytes(input));
        }

        Field(message, 2, Encoding.UTF8.GetBytes(output));
        Field(message, 4, Encoding.UTF8.GetBytes(type));
        if (epsilon is { } value)
        {
            using MemoryStream attribute = new();
            Field(attribute, 1, "epsilon"u8);
            Varint(attribute, (2 << 3) | 5);
            attribute.Write(BitConverter.GetBytes(value));
            Field(message, 5, attribute.ToArray());
        }

        Field(graph, 1, message.ToArray());
    }

    private static void Field(Stream stream, int number, ReadOnlySpan<byte> bytes)
    {
        Varint(stream, ((ulong)number << 3) | 2);
        Varint(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void Varint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
