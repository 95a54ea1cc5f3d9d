using System.Globalization;
using MedGen.Abstractions.Errors;

namespace MedGen.Phantoms;

/// <summary>The one place that checks a request against a simulator's parameters.</summary>
internal static class RequestValidation
{
    public const int LeastSide = 32;
    public const int GreatestSide = 1024;
    public const int MostFrames = 100_000;
    public const double GreatestFrameRate = 120;

    public static void Check(IPhantom phantom, PhantomRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<FieldViolation> violations = [];
        CheckWhole("width", request.Width, LeastSide, GreatestSide, "px", violations);
        CheckWhole("height", request.Height, LeastSide, GreatestSide, "px", violations);
        CheckWhole("num_frames", request.NumFrames, 1, MostFrames, "frames", violations);
        if (!(request.FrameRate > 0 && request.FrameRate <= GreatestFrameRate))
        {
            violations.Add(new("frame_rate", $"{Text(request.FrameRate)} got; above 0, at most {GreatestFrameRate} frames per second are allowed."));
        }

        foreach ((string name, string value) in request.Parameters)
        {
            if (Violation(phantom, name, value) is { } description)
            {
                violations.Add(new($"parameters.{name}", description));
            }
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }

    private static void CheckWhole(string field, int value, int least, int greatest, string unit, List<FieldViolation> violations)
    {
        if (value < least || value > greatest)
        {
            violations.Add(new(field, $"{value} got; {least} to {greatest} {unit} are allowed."));
        }
    }

    private static string? Violation(IPhantom phantom, string name, string value)
    {
        if (phantom.Parameters.FirstOrDefault(p => p.Name == name) is not { } parameter)
        {
            return $"{phantom.Kind} has no such parameter; it has {string.Join(", ", phantom.Parameters.Select(p => p.Name))}.";
        }

        if (parameter.Words.Count > 0)
        {
            return parameter.Words.Contains(value) ? null : $"'{value}' got; allowed are {string.Join(", ", parameter.Words)}.";
        }

        bool good = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= parameter.Minimum && number <= parameter.Maximum && (!parameter.IsInteger || number == Math.Round(number));
        return good
            ? null
            : $"'{value}' got; a {(parameter.IsInteger ? "whole number" : "number")} from {Text(parameter.Minimum)} to {Text(parameter.Maximum)} is allowed.";
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
