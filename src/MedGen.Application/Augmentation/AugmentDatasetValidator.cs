using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Augmentation;

internal sealed class AugmentDatasetValidator : AbstractValidator<AugmentDataset>
{
    private const int LongestSpec = 256 * 1024;
    private const int LongestPath = 4096;

    public AugmentDatasetValidator()
    {
        RuleFor(m => m.DatasetArtifactId).Id();
        RuleFor(m => m.DatasetArtifactId).Must((m, id) => id is null != m.DataFolder is null).WithMessage("Name either an artifact or a folder.");
        RuleFor(m => m.OutputFolder).Must((m, folder) => folder is null != m.DataFolder is not null).WithMessage("Belongs to a data folder, and a data folder needs it.");
        RuleFor(m => m.DataFolder).Must(IsPath).WithMessage($"Must be a full path of up to {LongestPath} characters.");
        RuleFor(m => m.OutputFolder).Must(IsPath).WithMessage($"Must be a full path of up to {LongestPath} characters.");
        RuleFor(m => m.Mode).IsInEnum().WithMessage("There is no such mode.");
        RuleFor(m => m.Mode).Must((m, mode) => mode == default || m.OutputFolder is not null).WithMessage("Belongs to an output folder.");
        RuleFor(m => m.Spec).Must(spec => spec.Length <= LongestSpec).WithMessage(m => $"Has {m.Spec.Length} characters; at most {LongestSpec} are allowed.");
        RuleFor(m => m.PluginId).Id();
        RuleFor(m => m.Timeout).Timeout();
        RuleFor(m => m.IdempotencyKey).IdempotencyKey();
    }

    private static bool IsPath(string? path) => path is null || (path.Length <= LongestPath && Path.IsPathFullyQualified(path) && !path.Any(char.IsControl));
}
