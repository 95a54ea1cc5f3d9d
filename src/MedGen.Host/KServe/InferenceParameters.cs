using System.Text.Json.Nodes;
using Google.Protobuf.Collections;
using Inference;
using MedGen.Sdk.Errors;
using static Inference.InferParameter.ParameterChoiceOneofCase;

namespace MedGen.Host.KServe;

/// <summary>Parameters of the protocol, which are numbers, texts and truth values.</summary>
internal static class InferenceParameters
{
    /// <summary>As a JSON object, which is what analyzers take; null: there are none.</summary>
    /// <exception cref="InvalidInputException">One holds no value, or none that JSON has.</exception>
    public static string? ToJson(MapField<string, InferParameter> parameters)
    {
        JsonObject json = [];
        foreach ((string name, InferParameter value) in parameters)
        {
            json[name] = value.ParameterChoiceCase switch
            {
                BoolParam => value.BoolParam,
                Int64Param => value.Int64Param,
                Uint64Param => value.Uint64Param,
                DoubleParam when double.IsFinite(value.DoubleParam) => value.DoubleParam,
                StringParam => value.StringParam,
                _ => throw new InvalidInputException("parameters", "Holds another value; allowed: a number, a text, true or false."),
            };
        }

        return json.Count == 0 ? null : json.ToJsonString();
    }
}
