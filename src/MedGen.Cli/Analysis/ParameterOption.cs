using System.CommandLine;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Analysis;

/// <summary><c>--parameter NAME=VALUE</c>, as often as there are parameters.</summary>
internal static class ParameterOption
{
    public static Option<string[]> Create() => new("--parameter")
    {
        Description = "A parameter of the plugin as NAME=VALUE; 'medgen plugins get ID' lists them. "
            + "A value that is JSON is taken as such, any other as text.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The parameters of a request; null: none.</summary>
    /// <exception cref="InvalidInputException">One has no name, or comes twice.</exception>
    public static Struct? Parse(IReadOnlyList<string> given)
    {
        Struct parameters = new();
        foreach (string one in given)
        {
            string[] parts = one.Split('=', 2);
            if (parts is not [{ Length: > 0 } name, string value])
            {
                throw new InvalidInputException("parameter", $"got '{one}'; allowed: NAME=VALUE.");
            }

            if (!parameters.Fields.TryAdd(name, ToValue(value)))
            {
                throw new InvalidInputException("parameter", $"got {name} twice; allowed: each name once.");
            }
        }

        return parameters.Fields.Count == 0 ? null : parameters;
    }

    private static Value ToValue(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return Value.Parser.ParseJson(text);
        }
        catch (JsonException)
        {
            return Value.ForString(text);
        }
    }
}
