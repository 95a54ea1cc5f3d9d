namespace MedGen.Sdk.Testing.Conformance;

/// <summary>A plugin does not do what its contract says.</summary>
/// <param name="check">Name of the check.</param>
/// <param name="got">What the plugin did.</param>
/// <param name="allowed">What it may do.</param>
/// <param name="innerException">What it threw; null: nothing.</param>
public sealed class ConformanceException(string check, string got, string allowed, Exception? innerException = null)
    : Exception($"{check}: {got}; allowed: {allowed}.", innerException)
{
    /// <summary>Name of the check.</summary>
    public string Check { get; } = check;
}
