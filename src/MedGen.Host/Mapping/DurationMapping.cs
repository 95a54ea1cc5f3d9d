using Google.Protobuf.WellKnownTypes;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Mapping;

internal static class DurationMapping
{
    /// <summary>A duration as a time span; null stays null.</summary>
    /// <param name="duration">The duration.</param>
    /// <param name="field">Path of its field, for the error.</param>
    /// <exception cref="InvalidInputException">It is out of proto's range, or its seconds and nanoseconds have different signs.</exception>
    public static TimeSpan? ToTimeSpan(this Duration? duration, string field)
    {
        try
        {
            return duration?.ToTimeSpan();
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException(field, $"Got {duration!.Seconds} s and {duration.Nanos} ns, which is no valid google.protobuf.Duration.");
        }
    }
}
