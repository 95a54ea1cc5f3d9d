using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Phantoms;

/// <summary>The one place that checks a request against a simulator's parameters.</summary>
internal static class RequestValidation
{
    public const int MinSide = 32;
    public const int MaxSide = 1024;
    public const int MaxFrames = 100_000;
    public const double MaxRate = 120;

    public static void Check(IPhantom phantom, PhantomRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Violations violations = new();
        violations.Within("width", request.Width, MinSide, MaxSide);
        violations.Within("height", request.Height, MinSide, MaxSide);
        violations.Within("num_frames", request.NumFrames, 1, MaxFrames);
        violations.Require(
            request.FramesPerSecond is > 0 and <= MaxRate, "frames_per_second", $"got {request.FramesPerSecond}", $"above 0, at most {MaxRate}");
        foreach ((string name, string value) in request.Parameters)
        {
            if (Violation(phantom, name, value) is { } description)
            {
                violations.Add($"parameters.{name}", description);
            }
        }

        violations.ThrowIfAny();
    }

    private static string? Violation(IPhantom phantom, string name, string value)
    {
        if (phantom.Parameters.FirstOrDefault(p => p.Name == name) is not { } parameter)
        {
            return $"got another name; allowed: {string.Join(", ", phantom.Parameters.Select(p => p.Name))}.";
        }

        if (parameter.Words.Count > 0)
        {
            return parameter.Words.Contains(value) ? null : $"got '{value}'; allowed: {string.Join(", ", parameter.Words)}.";
        }

        bool good = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= parameter.Minimum && number <= parameter.Maximum && (!parameter.IsInteger || number == Math.Round(number));
        return good
            ? null
            : $"got '{value}'; allowed: a {(parameter.IsInteger ? "whole number" : "number")} from {Text(parameter.Minimum)} to "
                + $"{Text(parameter.Maximum)}.";
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
