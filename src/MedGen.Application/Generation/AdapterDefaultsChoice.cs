using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;

namespace MedGen.Application.Generation;

/// <summary>What several adapters were made for, where the request says nothing: they must agree.</summary>
internal static class AdapterDefaultsChoice
{
    /// <summary>Adds what another adapter states.</summary>
    /// <param name="first">What those before it state; null: nothing.</param>
    /// <param name="second">What it states; null: nothing.</param>
    /// <param name="request">What is asked for; a field of it needs no default.</param>
    /// <exception cref="InvalidInputException">They state different values of a field that the request leaves open; all such fields are
    /// named.</exception>
    public static AdapterDefaults? Join(AdapterDefaults? first, AdapterDefaults? second, GenerateVideo request)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        Violations violations = new();
        AdapterDefaults joined = new()
        {
            NumInferenceSteps = One("num_inference_steps", first.NumInferenceSteps, second.NumInferenceSteps, request.NumInferenceSteps is not null),
            GuidanceScale = One("guidance_scale", first.GuidanceScale, second.GuidanceScale, request.GuidanceScale is not null),
            LowNoiseGuidanceScale = One(
                "wan.low_noise_guidance_scale", first.LowNoiseGuidanceScale, second.LowNoiseGuidanceScale,
                request.Wan.LowNoiseGuidanceScale is not null || request.GuidanceScale is not null),
            Shift = One("wan.shift", first.Shift, second.Shift, request.Wan.Shift is not null),
            Scheduler = One("wan.scheduler", first.Scheduler, second.Scheduler, request.Scheduler is not null),
        };
        violations.ThrowIfAny();
        return joined;

        T? One<T>(string field, T? a, T? b, bool isAsked)
            where T : struct
        {
            violations.Require(
                isAsked || a is null || b is null || a.Equals(b), field, $"is not given, and the adapters were made for {a} and for {b}",
                $"a value, which then counts");
            return a ?? b;
        }
    }
}
