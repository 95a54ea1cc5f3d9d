using System.Text.RegularExpressions;
using MedGen.Application.Analysis;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Home;

/// <summary>Compares what the operator has set with what a plugin says that can be set; both sides are named where they do not fit.</summary>
internal static partial class SettingsCheck
{
    /// <summary>Name of the check.</summary>
    public const string Name = "settings";

    /// <summary>Makes the comparison.</summary>
    /// <param name="declared">What the plugin says.</param>
    /// <param name="context">What is set.</param>
    /// <exception cref="PluginLoadException">They do not fit; every field is named.</exception>
    public static void ThrowIfBroken(PluginSettings declared, PluginContext context)
    {
        Violations wrong = new();
        ParameterRules.CheckSchema(declared.Schema, wrong, "the plugin's schema of its settings");
        foreach (PluginSecretDescription secret in declared.Secrets)
        {
            wrong.Require(
                SecretName().IsMatch(secret.Name), $"the plugin's secret '{secret.Name}'", $"has another name",
                $"1 to 64 lower-case letters, digits and underscores");
        }

        Throw(wrong, "load");
        try
        {
            ParameterRules.ThrowIfBroken(declared.Schema, context.Settings, Name);
        }
        catch (InvalidInputException exception)
        {
            foreach (FieldViolation violation in exception.Violations)
            {
                wrong.Add(violation.Field, violation.Description);
            }
        }

        foreach (string name in context.Secrets.Keys.Except(declared.Secrets.Select(secret => secret.Name)))
        {
            string known = string.Join(", ", declared.Secrets.Select(secret => secret.Name).DefaultIfEmpty("none"));
            wrong.Add($"secret_files.{name}", $"the plugin takes no such secret; allowed: {known}.");
        }

        foreach (PluginSecretDescription missing in declared.Secrets.Where(secret => !secret.Optional && !context.Secrets.ContainsKey(secret.Name)))
        {
            wrong.Add($"secret_files.{missing.Name}", $"is missing: {missing.Description}");
        }

        Throw(wrong, Name);
    }

    private static void Throw(Violations wrong, string check)
    {
        if (wrong.Found.Count > 0)
        {
            throw new PluginLoadException(check, string.Join(" ", wrong.Found.Select(violation => $"{violation.Field}: {violation.Description}")));
        }
    }

    [GeneratedRegex(@"\A[a-z0-9_]{1,64}\z")]
    private static partial Regex SecretName();
}
