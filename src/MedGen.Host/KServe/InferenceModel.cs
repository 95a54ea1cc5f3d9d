using Inference;
using MedGen.Application.Plugins;
using MedGen.Sdk.Analysis;

namespace MedGen.Host.KServe;

/// <summary>An analyzer as a model of the protocol: its task is the model's name, its plugin's version the model's version.</summary>
/// <param name="Plugin">The plugin that serves it.</param>
/// <param name="Description">What the analyzer says of itself.</param>
internal sealed record InferenceModel(PluginDescription Plugin, AnalyzerDescription Description)
{
    /// <summary>The output that holds every finding, as JSON.</summary>
    public const string Findings = "findings";

    /// <summary>What follows the name of an output for the probabilities of its labels.</summary>
    public const string Probabilities = ".probabilities";

    /// <summary>What follows the name of an output for the names of its labels, in the order of the probabilities.</summary>
    public const string Names = ".names";

    /// <summary>Its tensors.</summary>
    public ModelMetadataResponse ToProto() => new()
    {
        Name = Description.Task,
        Versions = { Plugin.PluginVersion },
        Platform = "medgen_analyzer",
        Inputs = { Description.Inputs.Select(ToProto) },
        Outputs = { Outputs() },
    };

    // Frames where they may come one by one, else a file.
    private static ModelMetadataResponse.Types.TensorMetadata ToProto(AnalyzerInput input) => input.Live
        ? Tensor(input.Role, "UINT8", -1, -1, -1, 3)
        : Tensor(input.Role, "BYTES", 1);

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(string name, string datatype, params long[] shape) =>
        new() { Name = name, Datatype = datatype, Shape = { shape } };

    private IEnumerable<ModelMetadataResponse.Types.TensorMetadata> Outputs()
    {
        foreach (AnalyzerOutput output in Description.Outputs)
        {
            if (output.Kind == OutputKind.Measurement)
            {
                yield return Tensor(output.Name, "FP64", -1);
            }
            else if (output.Kind == OutputKind.Labels)
            {
                yield return Tensor(output.Name, "BYTES", -1);
                yield return Tensor(output.Name + Probabilities, "FP32", -1);
                yield return Tensor(output.Name + Names, "BYTES", output.Labels.Count);
            }
        }

        yield return Tensor(Findings, "BYTES", 1);
    }
}
