using MedGen.Sdk.Serving;

namespace MedGen.Runtime.Scheduling;

/// <summary>What the policy knows of a session. Times are seconds since any fixed moment.</summary>
internal sealed class SessionTicket
{
    /// <summary>For whom it runs.</summary>
    public required string Tenant { get; init; }

    /// <summary>How urgent.</summary>
    public required ServicePriority Priority { get; init; }

    /// <summary>When it was asked for.</summary>
    public required double ArrivedAt { get; init; }

    /// <summary>When it must be done; null: any time.</summary>
    public double? Deadline { get; init; }

    /// <summary>Predicted time of the device from arrival to end, were it alone, in seconds.</summary>
    public double TotalSeconds { get; set; }

    /// <summary>What is left of it.</summary>
    public double RemainingSeconds { get; set; }

    /// <summary>False while its receiver is slower than the device.</summary>
    public bool IsRunnable { get; set; } = true;

    /// <summary>Which of two experts its next step needs, from 0; null: any, or there is one transformer.</summary>
    public int? Expert { get; set; }

    /// <summary>Sessions of one key can share a forward; null: alone.</summary>
    public string? BatchKey { get; set; }
}
