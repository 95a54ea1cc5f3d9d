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
    /// <exception cref="InvalidInputException">A method or an option is unknown or out of range, or has an adapter trained where nobody does; fields
    /// begin with <c>methods[i]</c>. Or the adapter's model cannot be trained at the shape; fields begin with <c>clip</c>.</exception>
    /// <exception cref="ModelFormatException">The model whose adapter is to be trained is broken or incomplete.</exception>
    public static void Check(AugmentationSpec spec, IDatasetAugmenter augmenter, IAdapterTrainer? trainer)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(augmenter);
        for (int i = 0; i < spec.Methods.Count; i++)
        {
            MethodSpec method = spec.Methods[i];
            if (augmenter.Methods.All(known => known.Name != method.Type))
            {
                throw new InvalidInputException(
                    $"methods[{i}].type", $"got '{method.Type}'; allowed: {string.Join(", ", augmenter.Methods.Select(known => known.Name))}.");
            }

            try
            {
                augmenter.Check(method.ToMethod());
            }
            catch (InvalidInputException exception)
            {
                throw new InvalidInputException(
                    [.. exception.Violations.Select(v => new FieldViolation($"methods[{i}].options.{v.Field}", v.Description))]);
            }
        }

        AdapterNeeds.Check(spec, augmenter, trainer);
    }
}
