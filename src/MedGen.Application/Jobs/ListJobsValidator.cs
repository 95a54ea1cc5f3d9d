using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Jobs;

internal sealed class ListJobsValidator : AbstractValidator<ListJobs>
{
    public ListJobsValidator()
    {
        RuleFor(m => m.PageSize).Within(1, 500);
        RuleFor(m => m.State).IsInEnum().WithMessage("There is no such state.");
        RuleFor(m => m.Kind).IsInEnum().WithMessage("There is no such kind.");
        RuleFor(m => m.Owner).Name();
    }
}
