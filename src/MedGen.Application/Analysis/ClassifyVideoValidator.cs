using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Analysis;

internal sealed class ClassifyVideoValidator : AbstractValidator<ClassifyVideo>
{
    public ClassifyVideoValidator()
    {
        RuleFor(m => m.ArtifactId).RequiredId();
        RuleFor(m => m.Task).RequiredId();
        RuleFor(m => m.PluginId).Id();
        RuleFor(m => m.Parameters).ClassifierParameters();
        RuleFor(m => m.Priority).IsInEnum().WithMessage("There is no such priority.");
        RuleFor(m => m.Timeout).Timeout();
        RuleFor(m => m.IdempotencyKey).IdempotencyKey();
    }
}
