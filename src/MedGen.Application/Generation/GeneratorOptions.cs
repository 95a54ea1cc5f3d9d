using MedGen.Application.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Application.Generation;

/// <summary>Whether the options of a request are those of the generator that serves it.</summary>
internal static class GeneratorOptions
{
    /// <summary>What the generator's own options are called in a request.</summary>
    public const string Field = "generator_options";

    /// <summary>Refuses options that a generator does not have: its own by its schema, those of Wan where it has a model of its own.</summary>
    /// <exception cref="InvalidInputException">It has not; fields are named.</exception>
    public static void Check(GeneratorDescription generator, string pluginId, GenerateVideo request)
    {
        bool asksForWan = request.Scheduler is not null || request.Wan with { Adapters = [] } != new WanOptions { Adapters = [] }
            || request.Wan.Adapters.Count > 0;
        Violations violations = new();
        violations.Require(
            generator.UsesResidentModel || !asksForWan, "wan", $"is given", $"none, as the plugin '{pluginId}' has a model of its own");
        violations.ThrowIfAny();
        Check(generator, request.Options);
    }

    /// <summary>Checks the generator's own options.</summary>
    /// <exception cref="InvalidInputException">They do not keep its schema; fields are named <c>generator_options.NAME</c>.</exception>
    public static void Check(GeneratorDescription generator, string options) => ParameterRules.ThrowIfBroken(generator.OptionsSchema, options, Field);
}
