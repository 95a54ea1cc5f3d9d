using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Plugins;

internal sealed class DisablePluginValidator : AbstractValidator<DisablePlugin>
{
    public DisablePluginValidator() => RuleFor(m => m.PluginId).RequiredId();
}
