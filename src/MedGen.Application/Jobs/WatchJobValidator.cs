using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Jobs;

internal sealed class WatchJobValidator : AbstractValidator<WatchJob>
{
    public WatchJobValidator()
    {
        RuleFor(m => m.JobId).RequiredId();
        RuleFor(m => m.AfterEvent).GreaterThanOrEqualTo(0).WithMessage("Got {PropertyValue}; must be 0 or the number of an event.");
    }
}
