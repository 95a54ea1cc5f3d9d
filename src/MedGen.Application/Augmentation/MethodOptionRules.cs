using MedGen.Application.Analysis;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Augmentation;

/// <summary>Whether the options of a specification's methods are those that the augmenter describes.</summary>
internal static class MethodOptionRules
{
    /// <summary>Checks them; a method that the augmenter does not have is passed over, as others refuse it.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="augmenter">What the plugin says of itself.</param>
    /// <exception cref="InvalidInputException">They do not keep a method's schema; fields are named <c>methods[i].options.NAME</c>.</exception>
    public static void Check(AugmentationSpec spec, AugmenterDescription augmenter)
    {
        foreach ((int i, MethodSpec asked) in spec.Methods.Index())
        {
            if (augmenter.Methods.FirstOrDefault(method => method.Name == asked.Type) is { } method)
            {
                ParameterRules.ThrowIfBroken(method.OptionsSchema, asked.Options?.GetRawText() ?? "{}", $"methods[{i}].options");
            }
        }
    }
}
