using MedGen.Application.Access;

namespace MedGen.Host.Access;

/// <summary>
/// The access file (docs/security.md): whom the host believes, who has which role, and what each role may ask for. JSON, snake_case.
/// </summary>
internal sealed record AccessFile
{
    /// <summary>Issuers of bearer tokens (JWT) that are believed.</summary>
    public IReadOnlyList<TokenIssuer> Issuers { get; init; } = [];

    /// <summary>Client certificates that are believed; null: none.</summary>
    public ClientCertificates? Certificates { get; init; }

    /// <summary>Who has which roles. All that match a caller count; a caller whom none matches may do nothing.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>Names of callers who are refused whatever they show, for instance <c>clinic:anna</c>.</summary>
    public IReadOnlyList<string> Denied { get; init; } = [];

    /// <summary>All operations of a role, where they are not the usual ones.</summary>
    public IReadOnlyDictionary<Role, IReadOnlyList<string>> Roles { get; init; } = new Dictionary<Role, IReadOnlyList<string>>();
}
