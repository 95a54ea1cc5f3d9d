using System.Globalization;
using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary>A network that the user named for a slot: its content is the one that its manifest states, and it takes what the slot gives.</summary>
internal sealed class SlotNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _file;
    private readonly NetworkSlot _slot;
    private readonly string[] _inputs;
    private readonly string[] _output;

    private SlotNetwork(InferenceSession session, string file, NetworkSlot slot, NetworkManifest manifest)
    {
        (_session, _file, _slot, Manifest) = (session, file, slot, manifest);
        _inputs = [.. session.InputMetadata.Keys];
        _output = [session.OutputMetadata.Keys.First()];
        string[] wrong = [.. session.InputMetadata.Values
            .Where(input => input.ElementDataType != TensorElementType.Float || input.Dimensions.Length != 4)
            .Select(input => $"{input.ElementDataType} [{string.Join(", ", input.Dimensions)}]")];
        if (_inputs.Length != slot.Inputs || wrong.Length > 0)
        {
            throw Wrong($"has {_inputs.Length} inputs {string.Join(", ", wrong)}; allowed: {slot.Inputs}, float32, {slot.Input}");
        }
    }

    /// <summary>What the manifest says.</summary>
    public NetworkManifest Manifest { get; }

    /// <summary>Reads a network.</summary>
    /// <param name="path">Its folder, or its <c>network.json</c>.</param>
    /// <param name="slot">The slot that it is for.</param>
    /// <returns>The network; the caller disposes it.</returns>
    /// <exception cref="InvalidInputException">The manifest is wrong, or the file is not the one that it states.</exception>
    /// <exception cref="ModelFormatException">The file is no ONNX model, or its inputs are not those of the slot.</exception>
    public static SlotNetwork Open(string path, NetworkSlot slot)
    {
        (NetworkManifest manifest, string model) = NetworkManifest.Read(path, slot);
        byte[] content = File.ReadAllBytes(model);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (hash != manifest.Sha256)
        {
            throw new InvalidInputException(
                $"network {slot.Name}.sha256", $"{manifest.File} is {hash}; {NetworkManifest.FileName} states {manifest.Sha256}.");
        }

        InferenceSession? session = null;
        try
        {
            using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };

            // Of what was hashed: weights in a second file, which the hash would not cover, are not found this way.
            session = new InferenceSession(content, options);
            return new SlotNetwork(session, manifest.File, slot, manifest);
        }
        catch (OnnxRuntimeException broken)
        {
            throw new ModelFormatException(manifest.File, $"{manifest.File} cannot be read: {broken.Message}", broken);
        }
        catch (ModelFormatException)
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network.</summary>
    /// <param name="pictures">Its inputs in order, each [1, 3, H, W].</param>
    /// <returns>Its first output.</returns>
    /// <exception cref="ModelFormatException">It fails on this input, or answers something else than float32.</exception>
    public PlanarPicture.Values Run(params PlanarPicture[] pictures)
    {
        List<OrtValue> inputs = [];
        try
        {
            inputs.AddRange(pictures.Select(one => OrtValue.CreateTensorValueFromMemory(one.Numbers, [1, 3, one.Height, one.Width])));
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> answer = _session.Run(options, _inputs, inputs, _output);
            OrtTensorTypeAndShapeInfo type = answer[0].GetTensorTypeAndShape();
            return type.ElementDataType == TensorElementType.Float
                ? new PlanarPicture.Values(type.Shape, answer[0].GetTensorDataAsSpan<float>().ToArray())
                : throw Wrong($"answers {type.ElementDataType}; allowed: float32, {_slot.Output}");
        }
        catch (OnnxRuntimeException failed)
        {
            throw new ModelFormatException(_file, $"{_file} fails on a frame: {failed.Message}", failed);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    /// <summary>The error that an answer is not what the slot asks for.</summary>
    public ModelFormatException Misshapen(PlanarPicture.Values answer) => Wrong(
        $"answers [{string.Join(", ", answer.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]; allowed: {_slot.Output}");

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();

    private ModelFormatException Wrong(string what) => new(_file, $"{_file}, for the slot {_slot.Name}, {what}.");
}
