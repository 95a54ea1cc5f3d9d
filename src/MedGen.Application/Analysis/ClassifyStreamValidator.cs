using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Analysis;

internal sealed class ClassifyStreamValidator : AbstractValidator<ClassifyStream>
{
    public ClassifyStreamValidator()
    {
        RuleFor(m => m.Task).RequiredId();
        RuleFor(m => m.PluginId).Id();
        RuleFor(m => m.Parameters).ClassifierParameters();
        RuleFor(m => m.Info.Width).Within(1, 16_384).OverridePropertyName("Width");
        RuleFor(m => m.Info.Height).Within(1, 16_384).OverridePropertyName("Height");
    }
}
