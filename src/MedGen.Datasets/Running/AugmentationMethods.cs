using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;

namespace MedGen.Datasets.Running;

/// <summary>Checks the methods of a specification against the augmenter that is to carry them out.</summary>
public static class AugmentationMethods
{
    /// <summary>Has the augmenter check the methods.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="augmenter">The plugin's.</param>
    /// <param name="trainer">Trains adapters; null: nobody does.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The adapter of each method; null: it needs none.</returns>
    /// <exception cref="InvalidInputException">A method or an option is unknown or out of range, or has an adapter trained where nobody does; fields
    /// begin with <c>methods[i]</c>. Or the adapter's model cannot be trained at the shape; fields begin with <c>clip</c>.</exception>
    /// <exception cref="ModelFormatException">The model whose adapter is to be trained is broken or incomplete.</exception>
    public static async Task<IReadOnlyList<AdapterNeed?>> CheckAsync(
        AugmentationSpec spec, IDatasetAugmenter augmenter, IAdapterTrainer? trainer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(augmenter);
        string[] known = [.. augmenter.Describe().Methods.Select(method => method.Name)];
        for (int i = 0; i < spec.Methods.Count; i++)
        {
            MethodSpec method = spec.Methods[i];
            if (!known.Contains(method.Type))
            {
                throw new InvalidInputException($"methods[{i}].type", $"got '{method.Type}'; allowed: {string.Join(", ", known)}.");
            }

            try
            {
                await augmenter.ValidateAsync(method.ToMethod(), cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidInputException exception)
            {
                throw new InvalidInputException(
                    [.. exception.Violations.Select(v => new FieldViolation($"methods[{i}].options.{v.Field}", v.Description))]);
            }
        }

        IReadOnlyList<AdapterNeed?> needs = await AdapterNeeds.OfAsync(spec, augmenter, cancellationToken).ConfigureAwait(false);
        AdapterNeeds.Check(spec, needs, trainer);
        return needs;
    }
}
