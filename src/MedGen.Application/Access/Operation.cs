using MedGen.Application.Auditing;

namespace MedGen.Application.Access;

/// <summary>Something that callers ask for: an RPC, by its name, or the HTTP route that does the same.</summary>
/// <param name="Name">Name of the RPC without its service, for instance <c>GetJob</c>.</param>
/// <param name="Kind">What kind of entry it leaves in the audit log.</param>
/// <param name="Roles">The roles that may ask for it unless the policy file says otherwise.</param>
/// <param name="IsHostWide">Whether it concerns all tenants: then it is for callers of all tenants and of the default one only.</param>
public sealed record Operation(string Name, AuditKind Kind, IReadOnlyList<Role> Roles, bool IsHostWide = false);
