using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Plugins;

internal sealed class EnablePluginValidator : AbstractValidator<EnablePlugin>
{
    public EnablePluginValidator() => RuleFor(m => m.PluginId).RequiredId();
}
