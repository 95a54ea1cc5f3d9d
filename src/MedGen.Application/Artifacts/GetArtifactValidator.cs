using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Artifacts;

internal sealed class GetArtifactValidator : AbstractValidator<GetArtifact>
{
    public GetArtifactValidator() => RuleFor(m => m.ArtifactId).RequiredId();
}
