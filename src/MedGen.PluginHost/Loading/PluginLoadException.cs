namespace MedGen.PluginHost.Loading;

/// <summary>
/// A plugin's own code failed while it was loaded or tested. It carries text only: the plugin's exception would keep the plugin's
/// load context alive for as long as anybody holds it.
/// </summary>
/// <param name="check">Check that failed: <c>settings</c>, <c>load</c> or <c>selfTest</c>.</param>
/// <param name="message">What failed and how.</param>
internal sealed class PluginLoadException(string check, string message) : Exception(message)
{
    /// <summary>Check that failed: <c>settings</c>, <c>load</c> or <c>selfTest</c>.</summary>
    public string Check { get; } = check;
}
