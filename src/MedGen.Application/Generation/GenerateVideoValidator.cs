using FluentValidation;
using MedGen.Application.Validation;

namespace MedGen.Application.Generation;

/// <summary>The ranges of <see cref="GenerateVideo"/>, as its documentation states them.</summary>
internal sealed class GenerateVideoValidator : AbstractValidator<GenerateVideo>
{
    private const int LongestPrompt = 4000;

    public GenerateVideoValidator()
    {
        RuleFor(m => m.Prompt).Must(p => !string.IsNullOrWhiteSpace(p)).WithMessage("Is empty; say what to show.");
        RuleFor(m => m.Prompt).Must(p => p is null || p.Length <= LongestPrompt)
            .WithMessage(m => $"Has {m.Prompt.Length} characters; at most {LongestPrompt} are allowed.");
        RuleFor(m => m.NegativePrompt).Must(p => p is null || p.Length <= LongestPrompt)
            .WithMessage(m => $"Has {m.NegativePrompt!.Length} characters; at most {LongestPrompt} are allowed.");
        RuleFor(m => m.Width).Must(IsSize).WithMessage("Got {PropertyValue} px; must be a multiple of 16, 16 to 1280.");
        RuleFor(m => m.Height).Must(IsSize).WithMessage("Got {PropertyValue} px; must be a multiple of 16, 16 to 1280.");
        RuleFor(m => m.NumFrames).Must(n => n is null || (n is >= 1 and <= 257 && n % 4 == 1))
            .WithMessage("Got {PropertyValue}; must be 4k + 1 (1, 5, 9, …), 1 to 257.");
        RuleFor(m => m.FramesPerSecond).Within(1, 60);
        RuleFor(m => m.NumInferenceSteps).Within(1, 200);
        RuleFor(m => m.GuidanceScale).Within(0, 30);
        RuleFor(m => m.Shift).AboveZero(30);
        RuleFor(m => m.Scheduler).IsInEnum().WithMessage("There is no such scheduler.");
        RuleFor(m => m.Seed).Must(s => s is null or >= 0).WithMessage("Got {PropertyValue}; must be 0 to 2^63 − 1.");
        RuleFor(m => m.Strength).AboveZero(1);
        RuleFor(m => m.Adapter).Id();
        RuleFor(m => m.AdapterScale).Must(scale => scale is >= 0 and <= 2).WithMessage("Got {PropertyValue}; must be 0 to 2.");
        RuleFor(m => m.Acceleration!).SetValidator(new AccelerationValidator()).When(m => m.Acceleration is not null);
        RuleFor(m => m.PreviewInterval).Within(0, 200);
        RuleFor(m => m.SourceArtifactId).Id();
        RuleFor(m => m.Model).Name();
        RuleFor(m => m.PluginId).Id();
        RuleFor(m => m.Priority).IsInEnum().WithMessage("There is no such priority.");
        RuleFor(m => m.Timeout).Timeout();
        RuleFor(m => m.IdempotencyKey).IdempotencyKey();
    }

    private static bool IsSize(int? px) => px is null || (px is >= 16 and <= 1280 && px % 16 == 0);
}
