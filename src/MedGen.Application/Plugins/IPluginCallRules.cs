namespace MedGen.Application.Plugins;

/// <summary>What the host sees to around each call of a plugin.</summary>
public interface IPluginCallRules
{
    /// <summary>Makes sure that the plugin may be called now.</summary>
    /// <exception cref="MedGen.Sdk.Errors.ResourceExhaustedException">It keeps more data than it may.</exception>
    void Admit();

    /// <summary>From here on, in this flow of calls and what it starts, what is printed is the plugin's.</summary>
    void Enter();

    /// <summary>Whether a text holds one of the plugin's secrets.</summary>
    bool HoldsSecret(string text);
}
