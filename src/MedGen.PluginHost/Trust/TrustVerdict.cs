namespace MedGen.PluginHost.Trust;

/// <summary>What a trust file says of a pack.</summary>
public sealed record TrustVerdict
{
    /// <summary>Where it comes from.</summary>
    public required PluginOrigin Origin { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The publisher, by the trust file; null: unknown.</summary>
    public string? Publisher { get; init; }

    /// <summary>Whether something proves where it comes from, and nobody minds.</summary>
    public bool IsTrusted => Origin is PluginOrigin.Publisher or PluginOrigin.Platform;
}
