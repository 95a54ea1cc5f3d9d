namespace MedGen.Application.Artifacts;

/// <summary>The limit of a caller or a tenant, as one file on its way sees it.</summary>
internal sealed class StorageShare
{
    /// <summary>Whose it is, in a sentence.</summary>
    public required string Whose { get; init; }

    /// <summary>A name for the books: <c>tenant</c> or <c>tenant/caller</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Bytes that may be stored.</summary>
    public required long Limit { get; init; }

    /// <summary>Bytes that had landed before it was asked what is stored.</summary>
    public required long LandedBefore { get; init; }

    /// <summary>Bytes that were stored when the file began to come.</summary>
    public long Stored { get; set; }
}
