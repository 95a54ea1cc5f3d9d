namespace MedGen.Host.Access;

/// <summary>Client certificates that are believed. Callers are called <c>certificate:COMMON NAME</c>.</summary>
internal sealed record ClientCertificates
{
    /// <summary>PEM file of the authorities whose certificates are believed, the root and those between.</summary>
    public required string TrustFile { get; init; }

    /// <summary>
    /// Files of the authorities' revocation lists, in PEM or DER. With any, a certificate needs a list of its authority that is signed and not out of
    /// date.
    /// </summary>
    public IReadOnlyList<string> RevocationLists { get; init; } = [];

    /// <summary>SHA-256 fingerprints (64 hex digits) of certificates that are not believed any more.</summary>
    public IReadOnlyList<string> Revoked { get; init; } = [];
}
