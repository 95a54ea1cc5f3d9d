using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Artifacts;

internal sealed class UploadArtifactValidator : AbstractValidator<UploadArtifact>
{
    public UploadArtifactValidator()
    {
        RuleFor(m => m.FileName).Must(IsFileName).WithMessage("Must be a name of 1 to 255 characters without folders or control characters.");
        RuleFor(m => m.MediaType).Must(IsMediaType).WithMessage("Must be a media type such as video/mp4, at most 127 characters.");
        RuleFor(m => m.Sha256).Must(h => h is null || (h.Length == 64 && h.All(char.IsAsciiHexDigit))).WithMessage("Must be 64 hex digits.");
        RuleFor(m => m.Sha256).NotNull().When(m => m.IdempotencyKey is not null).WithMessage("Is needed together with an idempotency key.");
        RuleFor(m => m.IdempotencyKey).IdempotencyKey();
    }

    private static bool IsFileName(string? name) =>
        name is { Length: >= 1 and <= 255 } and not "." and not ".." && !name.Any(c => c is '/' or '\\' || char.IsControl(c));

    private static bool IsMediaType(string? type)
    {
        string[] parts = type is { Length: <= 127 } ? type.Split('/') : [];
        return parts.Length == 2 && parts.All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || "!#$&-^_.+".Contains(c)));
    }
}
