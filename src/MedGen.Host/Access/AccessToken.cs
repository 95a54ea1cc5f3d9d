using MedGen.Application.Access;

namespace MedGen.Host.Access;

/// <summary>One entry of the tokens file. The token itself is in nobody's file.</summary>
internal sealed record AccessToken
{
    /// <summary>Name of the caller, 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token's UTF-8 bytes, 64 hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The highest role of the caller.</summary>
    public required Role Role { get; init; }
}
