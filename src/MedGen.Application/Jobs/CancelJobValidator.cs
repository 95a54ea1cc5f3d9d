using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Jobs;

internal sealed class CancelJobValidator : AbstractValidator<CancelJob>
{
    public CancelJobValidator() => RuleFor(m => m.JobId).RequiredId();
}
