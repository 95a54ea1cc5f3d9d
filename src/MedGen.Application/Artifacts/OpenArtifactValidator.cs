using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Artifacts;

internal sealed class OpenArtifactValidator : AbstractValidator<OpenArtifact>
{
    public OpenArtifactValidator() => RuleFor(m => m.ArtifactId).RequiredId();
}
