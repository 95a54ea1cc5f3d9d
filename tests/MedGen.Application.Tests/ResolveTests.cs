using MedGen.Application.Generation;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Application.Tests;

public sealed class ResolveTests
{
    private static readonly GenerationDefaults TwoExperts = new() { GuidanceScale = 4, LowNoiseGuidanceScale = 3 };

    /// <summary>The defaults of two experts belong together: whoever asks for one scale alone means both.</summary>
    [Theory]
    [InlineData(null, null, 4.0, 3.0)]
    [InlineData(6.0, null, 6.0, null)]
    [InlineData(6.0, 2.0, 6.0, 2.0)]
    [InlineData(null, 2.0, 4.0, 2.0)]
    public void Resolve_ScalesOfTwoExperts_AreTheDefaultsOrWhatWasAskedFor(double? asked, double? askedLow, double expected, double? expectedLow)
    {
        GenerateVideo message = new() { Prompt = "a lung", GuidanceScale = asked, Wan = new() { LowNoiseGuidanceScale = askedLow } };

        VideoGenerationRequest resolved = message.Resolve(TwoExperts, seed: 1);

        (resolved.GuidanceScale, resolved.Wan.LowNoiseGuidanceScale).ShouldBe((expected, expectedLow));
    }
}
