using System.Text.RegularExpressions;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Plugins.Augmentation.Generated;

/// <summary>Writes prompts from templates.</summary>
internal static partial class PromptTemplate
{
    private const int MaxPromptLength = GenerationLimits.MaxPromptLength;

    /// <summary>Fills a template.</summary>
    /// <exception cref="InvalidInputException">A name in braces is no column of the data set, or the prompt is empty or too long.</exception>
    public static string Fill(string template, string label, SourceClip source)
    {
        string prompt = Placeholder().Replace(template, match => match.Groups[1].Value switch
        {
            "label" => label,
            "caption" => source.Caption ?? label,
            { } name => source.Metadata.TryGetValue(name, out string? value) ? value : throw new InvalidInputException(
                "prompts",
                $"'{{{name}}}' is no column of the data set; it has {string.Join(", ", (string[])["label", "caption", .. source.Metadata.Keys])}."),
        }).Trim();
        return prompt.Length is >= 1 and <= MaxPromptLength
            ? prompt
            : throw new InvalidInputException("prompts", $"a filled template has {prompt.Length} characters; allowed: 1 to {MaxPromptLength}.");
    }

    [GeneratedRegex(@"\{([A-Za-z0-9_]+)\}")]
    private static partial Regex Placeholder();
}
