using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Plugins;

internal sealed class GetPluginValidator : AbstractValidator<GetPlugin>
{
    public GetPluginValidator() => RuleFor(m => m.PluginId).RequiredId();
}
