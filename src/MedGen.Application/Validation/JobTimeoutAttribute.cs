using System.ComponentModel.DataAnnotations;

namespace MedGen.Application.Validation;

/// <summary>How long a job may take: above 0, at most 7 days, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class JobTimeoutAttribute : RangeAttribute
{
    public JobTimeoutAttribute()
        : base(typeof(TimeSpan), "00:00:00", "7.00:00:00")
    {
        MinimumIsExclusive = true;
        ParseLimitsInInvariantCulture = true;
    }
}
