using System.Diagnostics.Metrics;

namespace MedGen.Storage;

/// <summary>Metrics of storage; subscribe to them by <see cref="Name"/>.</summary>
public static class StorageDiagnostics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "MedGen.Storage";

    private static readonly Meter Meter = new(Name);

    /// <summary>Seconds of one transaction with the wait for its turn, by <c>operation</c> (<c>read</c>, <c>write</c>).</summary>
    internal static Histogram<double> TransactionDuration { get; } =
        Meter.CreateHistogram<double>("medgen.store.duration", "s", "Time of one transaction with the wait for its turn, by operation.");
}
