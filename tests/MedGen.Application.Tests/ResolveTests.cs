using MedGen.Application.Generation;
using MedGen.Sdk.Errors;
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

    private static readonly AdapterDefaults FourSteps = new() { NumInferenceSteps = 4, GuidanceScale = 1, Shift = 5, Scheduler = GenerationScheduler.LightX2V };

    [Fact]
    public void Resolve_WithAnAdapterMadeForFewSteps_TakesWhatItWasMadeFor()
    {
        VideoGenerationRequest resolved = new GenerateVideo { Prompt = "a lung" }.Resolve(TwoExperts, seed: 1, FourSteps);

        (resolved.NumInferenceSteps, resolved.GuidanceScale, resolved.Wan.Shift, resolved.Wan.Scheduler, resolved.Wan.LowNoiseGuidanceScale)
            .ShouldBe((4, 1, 5, GenerationScheduler.LightX2V, null));
    }

    [Fact]
    public void Resolve_WithAnAdapterMadeForFewSteps_LetsTheRequestWin()
    {
        GenerateVideo message = new()
        {
            Prompt = "a lung", NumInferenceSteps = 8, GuidanceScale = 2, Scheduler = GenerationScheduler.UniPC, Wan = new() { Shift = 3 },
        };

        VideoGenerationRequest resolved = message.Resolve(TwoExperts, seed: 1, FourSteps);

        (resolved.NumInferenceSteps, resolved.GuidanceScale, resolved.Wan.Shift, resolved.Wan.Scheduler).ShouldBe((8, 2, 3, GenerationScheduler.UniPC));
    }

    [Theory]
    [InlineData(GenerationScheduler.LightX2V, 4)]
    [InlineData(GenerationScheduler.Dmd, 3)]
    [InlineData(GenerationScheduler.Euler, 50)]
    public void Resolve_OfASchedulerForDistilledModels_HasItsSteps(GenerationScheduler scheduler, int steps) =>
        new GenerateVideo { Prompt = "a lung", Scheduler = scheduler }.Resolve(new GenerationDefaults(), seed: 1).NumInferenceSteps.ShouldBe(steps);

    [Fact]
    public void Join_OfAdaptersThatDisagree_NamesTheFieldUnlessTheRequestDecides()
    {
        AdapterDefaults eight = FourSteps with { NumInferenceSteps = 8 };
        GenerateVideo message = new() { Prompt = "a lung" };

        Should.Throw<InvalidInputException>(() => AdapterDefaultsChoice.Join(FourSteps, eight, message))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("num_inference_steps");
        AdapterDefaultsChoice.Join(FourSteps, eight, message with { NumInferenceSteps = 6 }).ShouldNotBeNull().Shift.ShouldBe(5);
        AdapterDefaultsChoice.Join(null, FourSteps, message).ShouldBe(FourSteps);
        AdapterDefaultsChoice.Join(FourSteps, null, message).ShouldBe(FourSteps);
        AdapterDefaultsChoice.Join(null, null, message).ShouldBeNull();
    }
}
