using System.Globalization;
using MedGen.Onnx.Pictures;
using MedGen.Onnx.Spec;
using MedGen.Sdk.Errors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MedGen.Onnx;

/// <summary>A network in memory. Several calls may run it at once.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly PictureInput _pictures;
    private readonly string _file;
    private readonly string _input;
    private readonly string[] _outputs;
    private readonly Dictionary<OutputSpec, string[]> _tensors;

    private OnnxNetwork(InferenceSession session, OnnxSpec spec)
    {
        (_session, _file, _pictures) = (session, Path.GetFileName(spec.Model), new PictureInput(spec.Input));
        _input = Only(spec.Input.Tensor, session.InputMetadata, "input.tensor");
        _tensors = spec.Outputs.ToDictionary(output => output, TensorsOf);
        _outputs = [.. _tensors.Values.SelectMany(names => names).Distinct(StringComparer.Ordinal)];
        CheckInput(session.InputMetadata);
    }

    /// <summary>Reads a network and compares it with what is said of it.</summary>
    /// <param name="directory">The plugin's folder.</param>
    /// <param name="spec">What is said.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ModelFormatException">The file is no ONNX model, or not the one that is described.</exception>
    public static OnnxNetwork Open(string directory, OnnxSpec spec)
    {
        InferenceSession? session = null;
        try
        {
            using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            // Threads that wait in a loop would take the cores of the platform's own model.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            session = new InferenceSession(Path.Combine(directory, spec.Model), options);
            return new OnnxNetwork(session, spec);
        }
        catch (OnnxRuntimeException broken)
        {
            throw new ModelFormatException(Path.GetFileName(spec.Model), $"{Path.GetFileName(spec.Model)} cannot be read: {broken.Message}", broken);
        }
        catch (ModelFormatException)
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network on one frame.</summary>
    /// <param name="picture">Values in the input's layout.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The outputs that the specification names, by tensor.</returns>
    /// <exception cref="ModelFormatException">The network fails on this input.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public NetworkAnswer Run(float[] picture, CancellationToken cancellationToken)
    {
        using RunOptions options = new();
        using CancellationTokenRegistration end = cancellationToken.Register(() => options.Terminate = true);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(picture, _pictures.Shape);
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> values = _session.Run(options, [_input], [input], _outputs);
            return new NetworkAnswer(_file, _outputs.Zip(values, (name, value) => (name, NetworkTensor.Of(_file, name, value))).ToDictionary());
        }
        catch (OnnxRuntimeException failed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelFormatException(_file, $"{_file} fails on a frame: {failed.Message}", failed);
        }
    }

    /// <summary>Names of the tensors of an output: one, or boxes, scores and labels of a detection.</summary>
    /// <param name="output">One of the specification's outputs.</param>
    public IReadOnlyList<string> TensorNames(OutputSpec output) => _tensors[output];

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();

    private string[] TensorsOf(OutputSpec output)
    {
        IReadOnlyDictionary<string, NodeMetadata> there = _session.OutputMetadata;
        string[] names = output.Meaning == OutputMeaning.Detection
            ?
            [
                Only(output.Tensor, there, "tensor"), Only(output.ScoresTensor, there, "scoresTensor"),
                Only(output.LabelsTensor, there, "labelsTensor"),
            ]
            : [Only(output.Tensor, there, "tensor")];
        int labels = output.Labels.Count;
        int[] shape = there[names[0]].Dimensions;
        int given = output.Meaning switch
        {
            OutputMeaning.Classification => shape.Length > 0 ? shape[^1] : -1,
            OutputMeaning.Segmentation => shape.Length == 4 ? shape[1] : -1,
            _ => labels,
        };
        // A dimension that is not fixed is -1; the answer's is looked at then.
        return given == labels || given < 0
            ? names
            : throw Wrong($"outputs[{output.Name}].labels: has {labels}; the network's '{names[0]}' {Shape(shape)} gives {given}.");
    }

    private void CheckInput(IReadOnlyDictionary<string, NodeMetadata> inputs)
    {
        NodeMetadata input = inputs[_input];
        if (!input.IsTensor || input.ElementDataType != TensorElementType.Float)
        {
            throw Wrong($"The network's input '{_input}' takes {input.ElementDataType}; allowed: Float (float32).");
        }

        long[] ours = _pictures.Shape;
        bool fits = input.Dimensions.Length == ours.Length && input.Dimensions.Zip(ours).All(pair => pair.First < 0 || pair.First == pair.Second);
        if (!fits)
        {
            throw Wrong($"input: is {Shape(ours)} as described; the network's '{_input}' is {Shape(input.Dimensions)}.");
        }

        string[] others = [.. inputs.Keys.Where(name => name != _input)];
        if (others.Length > 0)
        {
            throw Wrong($"The network takes other inputs, too: {string.Join(", ", others)}; allowed: one, a picture.");
        }
    }

    private string Only(string? name, IReadOnlyDictionary<string, NodeMetadata> there, string field)
    {
        if (name is null ? there.Count == 1 : there.ContainsKey(name))
        {
            return name ?? there.Keys.Single();
        }

        throw Wrong($"{field}: got {(name is null ? "nothing" : $"'{name}'")}; allowed: one of {string.Join(", ", there.Keys)}.");
    }

    private ModelFormatException Wrong(string message) => new(_file, $"{OnnxSpec.FileName} and {_file}: {message}");

    private static string Shape<T>(IEnumerable<T> dimensions)
        where T : IFormattable =>
        $"[{string.Join(", ", dimensions.Select(size => size.ToString(null, CultureInfo.InvariantCulture)))}]";
}
