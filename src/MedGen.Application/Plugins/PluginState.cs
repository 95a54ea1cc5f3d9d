namespace MedGen.Application.Plugins;

/// <summary>Where a plugin stands.</summary>
public enum PluginState
{
    /// <summary>Its folder was found.</summary>
    Discovered,

    /// <summary>Its manifest, files and references are in order.</summary>
    Checked,

    /// <summary>Its assemblies are loaded, its services built; it gets no requests yet.</summary>
    Loaded,

    /// <summary>It serves requests.</summary>
    Active,

    /// <summary>It gets no new requests and finishes those that it has.</summary>
    Draining,

    /// <summary>It is gone from memory.</summary>
    Unloaded,

    /// <summary>An administrator has turned it off.</summary>
    Disabled,

    /// <summary>It was refused before any of its code ran; the reason says why.</summary>
    Rejected,

    /// <summary>
    /// It gets no calls, because its calls did not end or the process died during them; the reason says which. An administrator lifts that by
    /// enabling it.
    /// </summary>
    Quarantined,

    /// <summary>Its own code failed while it was loaded or tested; the reason says how.</summary>
    Malfunctioned,
}
