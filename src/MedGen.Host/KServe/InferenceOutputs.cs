using System.Text;
using Google.Protobuf;
using Inference;
using MedGen.Application.Jobs;
using MedGen.Host.Mapping;
using MedGen.Sdk.Analysis;
using static Inference.ModelInferResponse.Types;

namespace MedGen.Host.KServe;

/// <summary>
/// The findings of an analysis as tensors: what was found of the whole clip, output by output, and every finding as JSON. Of an output of which
/// nothing was found of the whole clip the tensors are empty.
/// </summary>
internal static class InferenceOutputs
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>Makes the tensors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="findings">Its final findings, in order.</param>
    /// <param name="analyzer">Who found them; null: nothing was found.</param>
    public static IEnumerable<InferOutputTensor> Of(InferenceModel model, IReadOnlyList<Finding> findings, AnalyzerIdentity? analyzer)
    {
        foreach (AnalyzerOutput output in model.Description.Outputs)
        {
            Finding? found = findings.LastOrDefault(one => one.Output == output.Name && one.Scope == FindingScope.Clip);
            if (output.Kind == OutputKind.Measurement)
            {
                double[] values = found is MeasurementFinding measured ? [measured.Value] : [];
                yield return Tensor(output.Name, "FP64", values.Length, new InferTensorContents { Fp64Contents = { values } });
            }
            else if (output.Kind == OutputKind.Labels)
            {
                LabelFinding? labels = found as LabelFinding;
                IReadOnlyList<double> probabilities = labels?.Probabilities ?? [];
                yield return Texts(output.Name, labels?.Labels ?? []);
                yield return Tensor(
                    output.Name + InferenceModel.Probabilities, "FP32", probabilities.Count,
                    new InferTensorContents { Fp32Contents = { probabilities.Select(one => (float)one) } });
                yield return Texts(output.Name + InferenceModel.Names, [.. output.Labels.Select(label => label.Name)]);
            }
        }

        string json = analyzer is null ? "{}" : Json.Format(FindingMapping.ToProto(findings, interim: false, analyzer));
        yield return Texts(InferenceModel.Findings, [json]);
    }

    private static InferOutputTensor Texts(string name, IReadOnlyList<string> texts) => Tensor(
        name, "BYTES", texts.Count, new InferTensorContents { BytesContents = { texts.Select(text => ByteString.CopyFrom(text, Encoding.UTF8)) } });

    private static InferOutputTensor Tensor(string name, string datatype, int count, InferTensorContents contents) =>
        new() { Name = name, Datatype = datatype, Shape = { count }, Contents = contents };
}
