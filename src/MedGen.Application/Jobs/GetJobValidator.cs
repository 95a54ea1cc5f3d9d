using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Jobs;

internal sealed class GetJobValidator : AbstractValidator<GetJob>
{
    public GetJobValidator() => RuleFor(m => m.JobId).RequiredId();
}
