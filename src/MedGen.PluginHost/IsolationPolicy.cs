namespace MedGen.PluginHost;

/// <summary>Which plugins get a process of their own.</summary>
public enum IsolationPolicy
{
    /// <summary>Those whose manifest asks for it.</summary>
    Declared,

    /// <summary>These, and all that are not the platform's own, by their content.</summary>
    Foreign,
}
