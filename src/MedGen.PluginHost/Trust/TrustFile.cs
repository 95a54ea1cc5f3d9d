namespace MedGen.PluginHost.Trust;

/// <summary>The trust file (docs/security.md): whose packs the operator wants. JSON, snake_case.</summary>
internal sealed record TrustFile
{
    /// <summary>Publishers of plugins.</summary>
    public IReadOnlyList<TrustedPublisher> Publishers { get; init; } = [];

    /// <summary>Who may sign catalogues. That says nothing about the packs in them.</summary>
    public IReadOnlyList<TrustedCatalog> Catalogs { get; init; } = [];

    /// <summary>Ids of keys that are not to be believed any more.</summary>
    public IReadOnlyList<string> RevokedKeys { get; init; } = [];

    /// <summary>Hashes of packs that are not to be loaded any more.</summary>
    public IReadOnlyList<string> RevokedPacks { get; init; } = [];
}

/// <summary>A publisher.</summary>
internal sealed record TrustedPublisher
{
    /// <summary>Its name, as its plugins say it.</summary>
    public required string Name { get; init; }

    /// <summary>PEM files of its public keys, relative to the trust file.</summary>
    public required IReadOnlyList<string> KeyFiles { get; init; }

    /// <summary>Ids of the plugins that it may publish; one that ends in <c>*</c> stands for all that start so.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>Whether nothing of it is to be loaded.</summary>
    public bool Denied { get; init; }
}

/// <summary>Who signs a catalogue.</summary>
internal sealed record TrustedCatalog
{
    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>PEM files of its public keys, relative to the trust file.</summary>
    public required IReadOnlyList<string> KeyFiles { get; init; }
}
