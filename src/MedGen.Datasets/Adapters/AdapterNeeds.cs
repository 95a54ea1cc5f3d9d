using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Augmentation;

namespace MedGen.Datasets.Adapters;

/// <summary>Which adapters a specification asks for.</summary>
internal static class AdapterNeeds
{
    /// <summary>Asks the augmenter for each method.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="augmenter">The plugin's.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    /// <returns>The adapter of each method; null: it needs none.</returns>
    internal static async Task<IReadOnlyList<AdapterNeed?>> OfAsync(
        AugmentationSpec spec, IDatasetAugmenter augmenter, CancellationToken cancellationToken)
    {
        List<AdapterNeed?> needs = [];
        foreach (MethodSpec method in spec.Methods)
        {
            needs.Add(await augmenter.GetAdapterAsync(method.ToMethod(), cancellationToken).ConfigureAwait(false));
        }

        return needs;
    }

    /// <summary>Checks that what must be trained can be.</summary>
    /// <exception cref="InvalidInputException">Nobody trains adapters here, or not at this shape.</exception>
    /// <exception cref="ModelFormatException">The model folder is broken or incomplete.</exception>
    internal static void Check(AugmentationSpec spec, IReadOnlyList<AdapterNeed?> needs, IAdapterTrainer? trainer)
    {
        int index = needs.ToList().FindIndex(need => need is TrainedAdapter);
        if (index < 0)
        {
            return;
        }

        if (trainer is null)
        {
            throw new InvalidInputException(
                $"methods[{index}].type",
                $"got '{spec.Methods[index].Type}', which has an adapter trained, and this host trains none. Run 'medgen augment' without --host, "
                + "or train one with "
                + "'medgen train' and name it by the option 'adapter' of prompted or variation.");
        }

        FieldViolation[] violations =
        [
            .. trainer.Violations(spec.Clip).Select(violation => new FieldViolation(
                $"clip.{violation.Field}", $"{violation.Description} methods[{index}] trains an adapter of the model at this shape.")),
        ];
        if (violations.Length > 0)
        {
            throw new InvalidInputException(violations);
        }
    }
}
