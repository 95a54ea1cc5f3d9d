using System.ComponentModel;
using System.Text.Json.Nodes;
using MedGen.Phantoms;
using MedGen.Plugins.Augmentation.Options;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Parameters;

namespace MedGen.Plugins.Augmentation.Simulated;

/// <summary>Options of the method <c>phantom</c>.</summary>
internal sealed record PhantomOptions : IMethodOptions
{
    [Description("Kind of simulator.")]
    public string Kind { get; init; } = "";

    [Description("Parameters to fix in every clip, by name; the others are drawn.")]
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    [Description("For each class of the data set, the parameters that make a simulated clip belong to it; others cannot be simulated.")]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Classes { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Their schema. Neither the kind nor the classes have a default.</summary>
    public static string Schema()
    {
        JsonNode schema = JsonNode.Parse(ParameterSchema.Of<PhantomOptions>())!;
        schema["required"] = new JsonArray("kind", "classes");
        JsonObject kind = schema["properties"]!["kind"]!.AsObject();
        kind["enum"] = new JsonArray([.. PhantomCatalog.All.Select(phantom => JsonValue.Create(phantom.Kind))]);
        kind.Remove("default");
        JsonObject classes = schema["properties"]!["classes"]!.AsObject();
        classes["minProperties"] = 1;
        classes.Remove("default");
        return schema.ToJsonString();
    }

    /// <inheritdoc />
    public void Check(Violations violations) => violations.Require(Classes.Count > 0, "classes", $"got none", $"one or more");
}
