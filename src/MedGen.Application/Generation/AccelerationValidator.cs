using FluentValidation;
using MedGen.Abstractions.Generation;
using MedGen.Application.Validation;

namespace MedGen.Application.Generation;

/// <summary>The ranges of <see cref="GenerationAcceleration"/>, as its documentation states them.</summary>
internal sealed class AccelerationValidator : AbstractValidator<GenerationAcceleration>
{
    public AccelerationValidator()
    {
        RuleFor(m => m.TeaCacheThreshold).AboveZero(1);
        RuleFor(m => m.EasyCacheThreshold).AboveZero(1);
        RuleFor(m => m.EasyCacheThreshold).Null().When(m => m.TeaCacheThreshold is not null).WithMessage("Stands beside tea_cache_threshold; allowed is one of the two.");
        RuleFor(m => m.GuidedShare).AboveZero(1);
    }
}
