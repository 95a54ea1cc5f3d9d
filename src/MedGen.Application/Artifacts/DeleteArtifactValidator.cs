using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Artifacts;

internal sealed class DeleteArtifactValidator : AbstractValidator<DeleteArtifact>
{
    public DeleteArtifactValidator() => RuleFor(m => m.ArtifactId).RequiredId();
}
