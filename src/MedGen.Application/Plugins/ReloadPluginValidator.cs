using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Plugins;

internal sealed class ReloadPluginValidator : AbstractValidator<ReloadPlugin>
{
    public ReloadPluginValidator() => RuleFor(m => m.PluginId).RequiredId();
}
