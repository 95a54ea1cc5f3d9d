using System.Runtime.InteropServices;
using MedGen.Classifiers.Networks;
using MedGen.Model.TextEncoders.Tokenization;
using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Classifiers.Training.ImagingModality;

/// <summary>
/// Takes the weights of <see cref="ResidualBackbone"/> out of <c>ResNet18.onnx</c> of the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18: the
/// graph's first convolutions in their order, each with the batch normalisation that follows it folded in. Field numbers are those of onnx.proto.
/// </summary>
internal static class ResNet18Onnx
{
    /// <summary>Reads the backbone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the backbone shall run.</param>
    /// <exception cref="ModelFormatException">The file is no ONNX model, or its convolutions are not those of a ResNet-18.</exception>
    public static ResidualBackbone Read(string path, Device device)
    {
        string name = Path.GetFileName(path);
        using var scope = NewDisposeScope();
        Graph graph;
        try
        {
            graph = Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new ModelFormatException(name, $"{name}: no ONNX model: {e.Message}.", e);
        }

        Dictionary<string, Tensor> weights = [];
        List<Node> convolutions = [.. graph.Nodes.Where(node => node.Operator == "Conv")];
        foreach (((string layer, _, _, _), Node convolution) in ResidualBackbone.Layers().Zip(convolutions))
        {
            Node normalisation = graph.Nodes.Find(node => node.Operator == "BatchNormalization" && node.Inputs[0] == convolution.Outputs[0])
                ?? throw new ModelFormatException(name, $"{name}: convolution '{convolution.Outputs[0]}' has no batch normalisation behind it.");
            Tensor[] values = [.. normalisation.Inputs.Skip(1).Prepend(convolution.Inputs[1]).Select(Initializer)];
            Tensor scale = values[1] / (values[4] + normalisation.Epsilon).sqrt(); // [C']
            weights.Add($"{layer}.weight", values[0] * scale.view(-1, 1, 1, 1));
            weights.Add($"{layer}.bias", values[2] - (values[3] * scale));
        }

        return ResidualBackbone.FromWeights(name, weights.GetValueOrDefault, device);

        Tensor Initializer(string key) =>
            graph.Initializers.GetValueOrDefault(key) ?? throw new ModelFormatException(name, $"{name}: tensor '{key}' is missing.");
    }

    private static Graph Parse(ReadOnlySpan<byte> model)
    {
        List<Node> nodes = [];
        Dictionary<string, Tensor> initializers = [];
        ProtobufReader fields = new(model);
        while (fields.Next())
        {
            if (fields.Field != 7)
            {
                continue;
            }

            ProtobufReader graph = new(fields.Bytes);
            while (graph.Next())
            {
                switch (graph.Field)
                {
                    case 1:
                        nodes.Add(ParseNode(graph.Bytes));
                        break;
                    case 5:
                        (string key, Tensor value) = ParseTensor(graph.Bytes);
                        initializers.Add(key, value);
                        break;
                }
            }
        }

        return new Graph(nodes, initializers);
    }

    private static Node ParseNode(ReadOnlySpan<byte> message)
    {
        Node node = new();
        ProtobufReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    node.Inputs.Add(fields.Text);
                    break;
                case 2:
                    node.Outputs.Add(fields.Text);
                    break;
                case 4:
                    node.Operator = fields.Text;
                    break;
                case 5 when ParseAttribute(fields.Bytes) is ("epsilon", float value):
                    node.Epsilon = value;
                    break;
            }
        }

        return node;
    }

    private static (string Name, float Value) ParseAttribute(ReadOnlySpan<byte> message)
    {
        (string name, float value) = ("", 0);
        ProtobufReader fields = new(message);
        while (fields.Next())
        {
            name = fields.Field == 1 ? fields.Text : name;
            value = fields.Field == 2 ? fields.Float : value;
        }

        return (name, value);
    }

    private static (string Name, Tensor Value) ParseTensor(ReadOnlySpan<byte> message)
    {
        string name = "";
        List<long> shape = [];
        float[] values = [];
        ProtobufReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1 when fields.Bytes.IsEmpty:
                    shape.Add(fields.Int);
                    break;
                case 1:
                    throw new InvalidDataException("a tensor has packed dimensions");
                case 4 or 9:
                    values = [.. MemoryMarshal.Cast<byte, float>(fields.Bytes)];
                    break;
                case 8:
                    name = fields.Text;
                    break;
            }
        }

        return (name, tensor(values, [.. shape]));
    }

    private sealed record Graph(List<Node> Nodes, Dictionary<string, Tensor> Initializers);

    private sealed class Node
    {
        public List<string> Inputs { get; } = [];

        public List<string> Outputs { get; } = [];

        public string Operator { get; set; } = "";

        public float Epsilon { get; set; }
    }
}
