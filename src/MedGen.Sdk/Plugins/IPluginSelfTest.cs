namespace MedGen.Sdk.Plugins;

/// <summary>Optional: run once after loading, before the plugin gets requests. A plugin whose test throws is not activated.</summary>
public interface IPluginSelfTest
{
    /// <summary>Proves that the plugin works, for instance by classifying a blank frame.</summary>
    /// <param name="cancellationToken">Ends the test; the host gives it 30 s.</param>
    /// <returns>Completes when the plugin works.</returns>
    Task RunAsync(CancellationToken cancellationToken);
}
